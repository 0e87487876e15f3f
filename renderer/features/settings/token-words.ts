import type { Token } from '../../../shared/contract/house.ts';

/** Whether it still opens a door. */
export const isLive = (token: Token) =>
  token.revoked === null && (token.expires === null || new Date(token.expires) > new Date());

export const untilWords = (expires: string) =>
  `until ${new Date(expires).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}`;
