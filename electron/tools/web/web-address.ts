import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';

export const addressInput = z
  .string()
  .min(1)
  .max(8192)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'is no http or https address',
  );

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
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
