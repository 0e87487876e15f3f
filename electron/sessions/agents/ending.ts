import type { Outcome } from '../../../shared/session.ts';

const outcome = (label: Outcome['label'], code: number, reason: string | null): Outcome => ({
  label,
  code,
  signal: null,
  reason: reason === null ? null : reason.slice(0, 2000).toWellFormed(),
});

/** Ends that carry a sentence of their own. */
const toldEnds = [
  ['failed: ', ''],
  ['out_of_budget: ', ''],
] as const;

/** What became of a session, from how its last turn ended. */
export function outcomeOfTurn(stopReason: string | null): Outcome {
  switch (stopReason) {
    case null:
    case 'complete':
      return outcome('success', 0, null);
    case 'interrupted':
    case 'ended':
      return outcome('cancelled', 130, 'it was ended while it worked');
    case 'timed_out':
      return outcome('timed_out', 124, 'its time was over');
    default:
      for (const [begins, words] of toldEnds) {
        if (stopReason.startsWith(begins))
          return outcome('work_failed', 5, words + stopReason.slice(begins.length));
      }
      return stopReason.startsWith('error: ')
        ? outcome('infrastructure_failure', 6, stopReason.slice('error: '.length))
        : outcome('work_failed', 5, stopReason.replaceAll('_', ' '));
  }
}
