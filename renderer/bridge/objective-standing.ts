import type { Objective, ObjectiveTime } from '../../shared/objective.ts';
import { runOutcomes, type RunOutcomeLabel } from '../../shared/run.ts';
import { plural } from '../ui/words.ts';
import { outcomeStanding } from './run-standing.ts';
import type { Standing } from './session-standing.ts';

/** How an objective stands, in a few words. */
export function objectiveStanding({
  problem,
  paused,
  pausedBy,
  running,
  failures,
  times,
}: Objective): Standing {
  const failed = failures === 1 ? 'failed the last time' : `failed ${plural(failures, 'time')} in a row`;
  if (problem !== null) return { words: 'has a mistake', tone: 'refused' };
  if (paused) {
    if (pausedBy === 'failures') return { words: `is paused: it ${failed}`, tone: 'refused' };
    return { words: 'is paused', tone: 'quiet' };
  }
  if (running > 0) return { words: running === 1 ? 'runs' : `runs, ${running} at once`, tone: 'running' };
  if (failures > 0) return { words: failed, tone: 'refused' };
  const last = times.find(({ what }) => what === 'begins');
  return last?.ok
    ? { words: 'went well', tone: 'good' }
    : { words: 'has nothing to tell yet', tone: 'quiet' };
}

/** Whether it waits for a person to look: it failed, or was paused because it did. */
export function needsLook({ problem, paused, pausedBy, failures, running }: Objective): boolean {
  if (problem !== null || pausedBy === 'failures') return true;
  return !paused && failures > 0 && running === 0;
}

/** What became of one time. */
export function timeStanding({ what, thing, ended, outcome, ok }: ObjectiveTime): Standing {
  if (what === 'queued') return { words: 'waited its turn', tone: 'quiet' };
  if (what !== 'begins') return { words: what === 'missed' ? 'was missed' : 'was left out', tone: 'quiet' };
  if (ended === null) return { words: thing === null ? 'is being begun' : 'runs', tone: 'running' };
  if (outcome === null) return { words: 'could not be begun', tone: 'refused' };
  if (isLabel(outcome)) return outcomeStanding({ label: outcome, reason: null });
  return { words: outcome.replaceAll('_', ' '), tone: ok ? 'good' : 'refused' };
}

const isLabel = (outcome: string): outcome is RunOutcomeLabel => Object.hasOwn(runOutcomes, outcome);

/** When it begins next, as one would say it. */
export function nextWords(time: Date, now: Date): string {
  const clock = time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const days = Math.floor((time.getTime() - midnight.getTime()) / 86_400_000);
  if (days === 0) return `today at ${clock}`;
  if (days === 1) return `tomorrow at ${clock}`;
  if (days < 7) return `${time.toLocaleDateString('en-GB', { weekday: 'long' })} at ${clock}`;
  const year = time.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return `${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...year })} at ${clock}`;
}
