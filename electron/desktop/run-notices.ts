import type { Run } from '../../shared/run.ts';
import type { Notice } from './notices.ts';

/** What the desktop shell needs to know of a run. */
export type WatchedRun = Pick<Run, 'id' | 'state' | 'outcome' | 'reviewing'>;

const body = 'Open Holdfast to see it.';

/** Who stopped it, or said what was to be done, knows. */
const untold = new Set(['cancelled', 'nothing_ready']);

/**
 * What to tell of a run that has changed. It says that something finished, failed or waits, never what: a
 * notification is read by whoever is near.
 */
export function noticeOfRun(before: WatchedRun | undefined, now: WatchedRun): Notice | null {
  const place = `#/runs/${now.id}`;
  if (now.state === 'asking' && before?.state !== 'asking') {
    return { kind: 'run', title: 'A plan waits for you', body, place };
  }
  // One that was finished before anybody watched it is no news.
  if (now.state !== 'finished' || before === undefined || before.state === 'finished') return null;
  if (now.outcome === null || untold.has(now.outcome.label)) return null;
  const ended = now.outcome.label === 'success' ? 'A run has finished' : 'A run has failed';
  const title = now.reviewing ? `${ended}, and changes wait for you` : ended;
  return { kind: 'run', title, body, place };
}
