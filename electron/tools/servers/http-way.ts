import type { AuthProvider } from '@modelcontextprotocol/client';
import type { HostPattern } from '../../../shared/capability/host-pattern.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { openEgress } from '../../sandbox/open-egress.ts';
import { brokerFetch } from './broker-fetch.ts';
import type { Connecting, Way } from './connection.ts';
import type { ServerNeeds } from './server-needs.ts';
import { resolvedValues } from './server-values.ts';
import { KeptSignIn } from './signing/kept-sign-in.ts';
import { tokenSource } from './signing/token-source.ts';

export type Http = Extract<ToolServer['transport'], { url: string }>;

/** Asks the server elsewhere, and where a person signs in for it: through the broker, each host resolved and checked. */
export interface HttpReach {
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  /** What went wrong last, once. */
  why(): Problem | undefined;
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
  return {
    fetch: brokerFetch({
      egress: openEgress(out.gate),
      headers: () => headers,
      origin: url.origin,
      most,
      failed: (failure) => (problem = failure),
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
  const transport =
    declared.kind === 'sse'
      ? // oxlint-disable-next-line typescript/no-deprecated -- some servers speak nothing newer
        new kit.SSEClientTransport(url, options)
      : new kit.StreamableHTTPClientTransport(url, options);
  const more = oauth === null ? '' : ', and where you sign in for it';
  return {
    transport,
    layers: [`network: ${url.host} and nothing else${more}, by way of the broker`],
    why: () => reach.why(),
    async close(reason) {
      await transport.close().catch(() => undefined);
      await reach.close(reason);
    },
  };
}

/** Where a person signs in is said by the server: that may be anywhere but inside of their own network. */
function hostsOf(url: URL, signs: boolean): HostPattern[] {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const own = readHostPattern({ text: `${url.hostname}:${port}`, field: 'url', offset: 0 });
  return signs ? [own, { host: '*', ports: null }] : [own];
}
