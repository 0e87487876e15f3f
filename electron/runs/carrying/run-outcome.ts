import type { RunOutcome } from '../../../shared/run.ts';
import type { Execution } from './execution.ts';

export interface Afterwards {
  readonly outcome: RunOutcome;
  /** Whether another plan may mend it. */
  readonly correctable: boolean;
}

/** What became of a run whose parts are over, and why, in words. */
export function outcomeOf(
  { failures, scheduler }: Pick<Execution, 'failures' | 'scheduler'>,
  stopped: RunOutcome | null,
  left: { missing: string | null },
): Afterwards {
  if (stopped) return { outcome: stopped, correctable: false };
  const [first] = failures.toSorted((a, b) => Number(a.correctable) - Number(b.correctable));
  if (first) {
    const others = failures.length - 1;
    const more =
      others === 0 ? '' : ` ${others === 1 ? 'One other part' : `${others} other parts`} failed, too.`;
    const reason = `“${first.name}” failed: ${first.outcome.reason ?? 'it said no reason.'}${more}`;
    return { outcome: { label: first.outcome.label, reason }, correctable: first.correctable };
  }
  if (scheduler.count('cancelled') > 0) {
    return { outcome: { label: 'cancelled', reason: 'A part of it was stopped.' }, correctable: false };
  }
  if (left.missing !== null) {
    const reason = `Every part said that it was done, and there is no ${left.missing}.`;
    return { outcome: { label: 'work_failed', reason }, correctable: true };
  }
  return { outcome: { label: 'success', reason: null }, correctable: false };
}
