import { idSchema } from '../../shared/ids.ts';

export const deepLinkScheme = 'holdfast';

const eventId = idSchema('event');

/**
 * The place in the window that a `holdfast://` link means, as the hash of its address; undefined for anything
 * that is not exactly one of ours. Any page may hold such a link, so it can show a screen and nothing more.
 */
export function placeOfLink(link: string): string | undefined {
  if (link === `${deepLinkScheme}://audit`) return '#/audit';
  const named = /^holdfast:\/\/event\/([a-z0-9_]{1,40})$/.exec(link)?.[1];
  return eventId.safeParse(named).success ? `#/audit?event=${named}` : undefined;
}
