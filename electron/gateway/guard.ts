import type { IncomingMessage } from 'node:http';
import { Problem } from '../../shared/problem.ts';

export interface GuardOptions {
  /** The port of the loopback listener; null on the unix socket, which no page can reach. */
  readonly port: number | null;
  /** The origin of a development server, where one is in use. */
  readonly devOrigin: string | null;
}

const names = ['127.0.0.1', 'localhost', '[::1]'];

function headers(request: IncomingMessage, name: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() === name) found.push(request.rawHeaders[i + 1] ?? '');
  }
  return found;
}

/**
 * Keeps other sites' pages out, before anything else is looked at. A page of another site can make this
 * machine's browser send us requests: then the Host is its name (rebinding) or the Origin is not ours.
 * Throws a Problem whose message is the reason on the record; nothing of the request is repeated in it.
 */
export function guard(request: IncomingMessage, { port, devOrigin }: GuardOptions): void {
  if (!request.url?.startsWith('/')) throw new Problem('invalid_input', 'a request for another host');
  const origins = headers(request, 'origin');
  const [origin] = origins;
  if (port === null) {
    if (origins.length > 0) throw new Problem('forbidden', 'a page on the unix socket');
    return;
  }
  const hosts = headers(request, 'host');
  const host = hosts[0]?.toLowerCase();
  if (hosts.length !== 1 || !names.some((name) => host === `${name}:${port}`)) {
    throw new Problem('forbidden', 'a foreign Host', `Use http://127.0.0.1:${port}.`);
  }
  const ours = (text: string | undefined) =>
    names.some((name) => text === `http://${name}:${port}`) || (devOrigin !== null && text === devOrigin);
  if (origins.length > 1 || (origin !== undefined && !ours(origin)))
    throw new Problem('forbidden', 'a foreign Origin');
  const site = request.headers['sec-fetch-site'];
  const navigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  if (origin === undefined && (site === 'cross-site' || site === 'same-site') && !navigation) {
    throw new Problem('forbidden', 'a request from another site');
  }
}
