import type { Run, RunOutcome, RunState, RunSubtask, SubtaskState } from '../../shared/run.ts';
import { dollars } from '../../shared/money-words.ts';
import { plural } from '../../shared/plural.ts';
import type { DotTone } from '../ui/Dot.tsx';
import type { Standing } from './session-standing.ts';

const stateWords: Record<Exclude<RunState, 'finished'>, Standing> = {
  queued: { words: 'waits for its turn', tone: 'quiet' },
  planning: { words: 'is being planned', tone: 'running' },
  asking: { words: 'its plan waits for you', tone: 'waits' },
  running: { words: 'runs', tone: 'running' },
  paused: { words: 'is paused', tone: 'quiet' },
};

const outcomeWords: Record<RunOutcome['label'], Standing> = {
  success: { words: 'succeeded', tone: 'good' },
  generic_failure: { words: 'failed', tone: 'refused' },
  blocked: { words: 'is blocked', tone: 'waits' },
  nothing_ready: { words: 'found nothing to do', tone: 'quiet' },
  work_failed: { words: 'failed', tone: 'refused' },
  infrastructure_failure: { words: 'could not be carried out', tone: 'refused' },
  budget_exhausted: { words: 'used up its budget', tone: 'refused' },
  timed_out: { words: 'ran out of time', tone: 'refused' },
  cancelled: { words: 'was stopped', tone: 'quiet' },
};

export const outcomeStanding = ({ label }: RunOutcome): Standing => outcomeWords[label];

/** What a run is doing, or how it ended, in a few words. */
export function runStanding({ state, outcome, waits, reviewing }: Run): Standing {
  if (state === 'finished') {
    const ended = outcome ? outcomeWords[outcome.label] : ({ words: 'ended', tone: 'quiet' } as const);
    return reviewing ? { words: `${ended.words}, its changes wait for you`, tone: 'waits' } : ended;
  }
  if (state === 'running' && waits > 0) return { words: 'waits for you', tone: 'waits' };
  return stateWords[state];
}

export const subtaskStanding: Record<SubtaskState, Standing> = {
  waiting: { words: 'waits for others', tone: 'quiet' },
  ready: { words: 'is ready', tone: 'quiet' },
  running: { words: 'runs', tone: 'running' },
  asking: { words: 'waits for you', tone: 'waits' },
  done: { words: 'succeeded', tone: 'good' },
  failed: { words: 'failed', tone: 'refused' },
  skipped: { words: 'was left out', tone: 'quiet' },
  cancelled: { words: 'was stopped', tone: 'quiet' },
};

/** How a part stands; one that failed tells how. */
export function partStanding({ state, outcome, kept }: RunSubtask): { words: string; tone: DotTone } {
  if (state === 'failed' && outcome && outcome.label !== 'success') return outcomeWords[outcome.label];
  if (state === 'done' && kept) return { words: 'is kept from before', tone: 'good' };
  return subtaskStanding[state];
}

const over = ['done', 'failed', 'skipped', 'cancelled'] as const;

export function progressOf({ counts }: Run): { done: number; all: number } {
  const all = Object.values(counts).reduce((sum, count) => sum + (count ?? 0), 0);
  return { done: over.reduce((sum, state) => sum + (counts[state] ?? 0), 0), all };
}

/** `3 of 5 parts`; empty where it has none yet. */
export function progressWords(run: Run): string {
  const { done, all } = progressOf(run);
  if (all === 0) return '';
  return done === all ? plural(all, 'part') : `${done} of ${plural(all, 'part')}`;
}

/** What it cost, of how much; empty where no model was asked. */
export function moneyWords({ cost, usage, ceiling }: Run): string {
  const asked = usage.input + usage.output > 0;
  if (!asked && ceiling.micros === null) return '';
  const spent = cost === null ? 'price unknown' : dollars(cost);
  return ceiling.micros === null ? spent : `${spent} of ${dollars(ceiling.micros)}`;
}

/** `0:04`, `6:12`, `1:02:33`. */
export function durationWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** How long it took, or has taken by `now`; null where it has not begun. */
export function tookOf(
  { started, ended }: { started: string | null; ended: string | null },
  now: number,
): number | null {
  if (started === null) return null;
  return (ended === null ? now : Date.parse(ended)) - Date.parse(started);
}
