import type { IncomingMessage } from 'node:http';

/** The token that came with a request, in either of the ways in which these programs send one. */
export function tokenIn({ headers }: IncomingMessage): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string' && key !== '') return key;
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
