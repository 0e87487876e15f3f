import type { AuthProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { HostPattern } from '../../../shared/capability/host-pattern.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { openEgress } from '../../sandbox/open-egress.ts';
import { brokerFetch } from './broker-fetch.ts';
import type { Connecting, Way } from './connection.ts';
import type { ServerNeeds } from './server-needs.ts';
import { resolvedValues } from './server-values.ts';
import { KeptSignIn } from './signing/kept-sign-in.ts';
import { tokenSource } from './signing/token-source.ts';
import { tellOfEnds } from './told-ends.ts';

const farewellMs = 1000;

export type Http = Extract<ToolServer['transport'], { url: string }>;

/** Asks the server elsewhere, and where a person signs in for it: through the broker, each host resolved and checked. */
export interface HttpReach {
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** What went wrong last, once. */
  why(): Problem | undefined;
  failed(problem: Problem): void;
  close(reason: string): Promise<void>;
}

export async function reachHttp(
  needs: ServerNeeds,
  session: Id<'session'>,
  declared: Http,
  most: number,
): Promise<HttpReach> {
  const url = new URL(declared.url);
  const headers = resolvedValues(declared.headers, needs.vault);
  const containing = await needs.containing();
  const out = await containing.wayOut(session, hostsOf(url, declared.oauth !== null));
  let problem: Problem | undefined;
  const failed = (failure: Problem) => void (problem = failure);
  return {
    failed,
    fetch: brokerFetch({
      egress: openEgress(out.gate),
      headers: () => headers,
      origin: url.origin,
      most,
      failed,
    }),
    why() {
      const why = problem;
      problem = undefined;
      return why;
    },
    close: (reason) => out.close(reason),
  };
}

/** Speaks with a server elsewhere. */
export async function openHttp(
  needs: ServerNeeds,
  asked: Connecting & { session: Id<'session'>; transport: Http },
  signal: AbortSignal,
): Promise<Way> {
  const { session, transport: declared, server, name } = asked;
  const { oauth } = declared;
  const url = new URL(declared.url);
  const kit = await import('@modelcontextprotocol/client');
  signal.throwIfAborted();
  const reach = await reachHttp(needs, session, declared, server.mostBytes);
  const authProvider: AuthProvider | undefined =
    oauth === null ? undefined : tokenSource(new KeptSignIn(needs.vault, name), oauth);
  const options = { fetch: reach.fetch, ...(authProvider ? { authProvider } : {}) };
  const streams = () => {
    const { clock } = needs;
    const reconnectionScheduler = (again: () => void, delay: number) => clock.after(delay, again);
    const made = new kit.StreamableHTTPClientTransport(url, { ...options, reconnectionScheduler });
    tellOfEnds(made, () => reach.failed(brokeOff()));
    return made;
  };
  // oxlint-disable-next-line typescript/no-deprecated -- some servers speak nothing newer
  const transport = declared.kind === 'sse' ? new kit.SSEClientTransport(url, options) : streams();
  const more = oauth === null ? '' : ', and where you sign in for it';
  const way: Way = {
    transport,
    layers: [`network: ${url.host} and nothing else${more}, by way of the broker`],
    why: () => reach.why(),
    isForgotten: (thrown) =>
      transport instanceof kit.StreamableHTTPClientTransport && isForgotten(transport, thrown),
    leave: () => (transport instanceof kit.StreamableHTTPClientTransport ? left(needs, transport) : done),
    async close(reason) {
      await transport.close().catch(() => undefined);
      await reach.close(reason);
    },
  };
  Object.assign(transport, { onerror: () => way.troubled?.() });
  return way;
}

const done = Promise.resolve();

/** It may keep its session for all that: what comes of it holds nobody up. */
async function left({ clock }: ServerNeeds, transport: StreamableHTTPClientTransport): Promise<void> {
  const late = Promise.withResolvers<void>();
  const forget = clock.after(farewellMs, () => late.resolve());
  await Promise.race([transport.terminateSession().catch(() => undefined), late.promise]);
  forget();
}

const brokeOff = () =>
  new Problem('unavailable', 'The server ended before it had answered.', 'Try again, or look at it.');

/** 404 says that a session is not known; some say 400. */
function isForgotten({ sessionId }: { sessionId?: string | undefined }, thrown: unknown): boolean {
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined;
  return sessionId !== undefined && (status === 404 || status === 400);
}

/** Where a person signs in is said by the server: that may be anywhere but inside of their own network. */
function hostsOf(url: URL, signs: boolean): HostPattern[] {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const own = readHostPattern({ text: `${url.hostname}:${port}`, field: 'url', offset: 0 });
  return signs ? [own, { host: '*', ports: null }] : [own];
}
