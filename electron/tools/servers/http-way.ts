import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { openEgress } from '../../sandbox/open-egress.ts';
import { brokerFetch } from './broker-fetch.ts';
import type { Connecting, Way } from './connection.ts';
import type { ServerNeeds } from './server-needs.ts';
import { resolvedValues } from './server-values.ts';

type Http = Extract<ToolServer['transport'], { url: string }>;

/** Speaks with a server elsewhere: the host of its address and no other, resolved and checked by the broker. */
export async function openHttp(
  needs: ServerNeeds,
  asked: Connecting & { session: Id<'session'>; transport: Http },
  signal: AbortSignal,
): Promise<Way> {
  const { session, transport: declared, server } = asked;
  const url = new URL(declared.url);
  const headers = resolvedValues(declared.headers, needs.vault);
  const kit = await import('@modelcontextprotocol/client');
  const containing = await needs.containing();
  signal.throwIfAborted();
  const out = await containing.wayOut(session, hostOf(url));
  let problem: Problem | undefined;
  const fetch = brokerFetch({
    egress: openEgress(out.gate),
    headers: () => headers,
    origin: url.origin,
    most: server.mostBytes,
    failed: (failure) => (problem = failure),
  });
  const options = { fetch };
  const transport =
    declared.kind === 'sse'
      ? // oxlint-disable-next-line typescript/no-deprecated -- some servers speak nothing newer
        new kit.SSEClientTransport(url, options)
      : new kit.StreamableHTTPClientTransport(url, options);
  return {
    transport,
    layers: [`network: ${url.host} and nothing else, by way of the broker`],
    why: () => {
      const why = problem;
      problem = undefined;
      return why;
    },
    async close(reason) {
      await transport.close().catch(() => undefined);
      await out.close(reason);
    },
  };
}

function hostOf(url: URL) {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return readHostPattern({ text: `${url.hostname}:${port}`, field: 'url', offset: 0 });
}
