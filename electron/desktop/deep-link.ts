import { idSchema } from '../../shared/ids.ts';

export const deepLinkScheme = 'holdfast';

const eventId = idSchema('event');
const runId = idSchema('run');
/** As plans name their parts. */
const partName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/;

/**
 * The place in the window that a `holdfast://` link means, as the hash of its address; undefined for anything
 * that is not exactly one of ours. Any page may hold such a link, so it can show a screen and nothing more.
 */
export function placeOfLink(link: string): string | undefined {
  if (link === `${deepLinkScheme}://audit`) return '#/audit';
  const [, run = '', part] = /^holdfast:\/\/run\/([a-z0-9_]{1,40})(?:\/([^/\n]{1,80}))?$/.exec(link) ?? [];
  if (runId.safeParse(run).success && (part === undefined || partName.test(part))) {
    return part === undefined ? `#/runs/${run}` : `#/runs/${run}/${part}`;
  }
  const named = /^holdfast:\/\/event\/([a-z0-9_]{1,40})$/.exec(link)?.[1];
  return eventId.safeParse(named).success ? `#/audit?event=${named}` : undefined;
}
