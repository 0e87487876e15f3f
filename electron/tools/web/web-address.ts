import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import type { Intent } from '../tool.ts';

export const addressInput = z
  .string()
  .min(1)
  .max(8192)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'is no http or https address',
  )
  .refine(
    // Whoever allows it reads this text: the host that is meant stands in it, and nothing before it.
    (text) => !URL.canParse(text) || text.toLowerCase().startsWith(originOf(new URL(text))),
    'does not begin with its host as it is resolved: write the host plainly (xn--… for other letters), without a name or password before it',
  );

const originOf = ({ protocol, host }: URL) => `${protocol}//${host}`;

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** The host that a request for an address goes to. */
export function networkOf(url: URL): Intent {
  return { kind: 'network', host: url.hostname, port: portOf(url) };
}

/** The same host, and at most from plain to encrypted: what was allowed for the one holds for the other. */
export function sameHost(from: URL, to: URL): boolean {
  if (from.hostname !== to.hostname) return false;
  return portOf(from) === portOf(to) || (portOf(from) === 80 && portOf(to) === 443);
}

/** Where a redirect leads; nothing but the web is followed. */
export function redirectedTo(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (to && /^https?:$/.test(to.protocol)) return to;
  throw new Problem(
    'forbidden',
    `${from.host} redirects to “${location.slice(0, 200)}”, which is no web address.`,
  );
}
