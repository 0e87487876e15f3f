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
    const said = request.rawHeaders[i] ?? '';
    if (said.length === name.length && said.toLowerCase() === name)
      found.push(request.rawHeaders[i + 1] ?? '');
  }
  return found;
}

/**
 * Keeps other sites' pages out, before anything else is looked at. A page of another site can make this
 * machine's browser send us requests: then the Host is its name (rebinding) or the Origin is not ours.
 * Says why a request is refused, in words of ours that repeat nothing of it; null where it may go on.
 */
function reasonToRefuse(request: IncomingMessage, { port, devOrigin }: GuardOptions): string | null {
  if (!request.url?.startsWith('/')) return 'it names another host in its address';
  const origins = headers(request, 'origin');
  const [origin] = origins;
  if (port === null) return origins.length > 0 ? 'it comes from a page' : null;
  const hosts = headers(request, 'host');
  const host = hosts[0]?.toLowerCase();
  if (hosts.length !== 1 || !names.some((name) => host === `${name}:${port}`)) return 'its Host is foreign';
  const ours = (text: string | undefined) =>
    names.some((name) => text === `http://${name}:${port}`) || (devOrigin !== null && text === devOrigin);
  if (origins.length > 1 || (origin !== undefined && !ours(origin))) return 'its Origin is foreign';
  const site = request.headers['sec-fetch-site'];
  const navigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  const elsewhere = site === 'cross-site' || site === 'same-site';
  return origin === undefined && elsewhere && !navigation ? 'it comes from another site' : null;
}

/** Lets a request through, or notes why not and throws. */
export function guard(request: IncomingMessage, options: GuardOptions, note: (reason: string) => void): void {
  const reason = reasonToRefuse(request, options);
  if (reason === null) return;
  note(reason);
  const mend =
    options.port === null ? undefined : `Use http://127.0.0.1:${options.port}, from no page but ours.`;
  throw new Problem('forbidden', `This request is refused: ${reason}.`, mend);
}
