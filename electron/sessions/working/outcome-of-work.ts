import type { Outcome } from '../../../shared/session.ts';
import type { CommandEnd } from '../../sandbox/sandbox.ts';
import { type Ending, outcomeOf } from '../outcome.ts';

const labels: Readonly<Record<number, Outcome['label']>> = {
  0: 'success',
  1: 'generic_failure',
  2: 'usage_error',
  3: 'blocked',
  4: 'nothing_ready',
  5: 'work_failed',
  6: 'infrastructure_failure',
  7: 'budget_exhausted',
  126: 'command_not_executable',
  127: 'command_not_found',
};

/** As command agents agree on what their exit codes say; the code itself is kept, also where it says nothing known. */
export function outcomeOfWork(
  end: CommandEnd,
  ending: Ending | null,
  /** Why the model that it last asked was refused to it for its budget. */
  exhausted: string | null = null,
): Outcome {
  if (end.how !== 'exited' || ending !== null) return outcomeOf(end, ending);
  const { code, reason = null } = end;
  const signal = code > 128 && code <= 128 + 64 ? code - 128 : null;
  if (signal !== null) return { label: 'terminated_by_signal', code, signal, reason };
  if (exhausted !== null && code !== 0) {
    return { label: 'budget_exhausted', code, signal: null, reason: exhausted };
  }
  return { label: labels[code] ?? 'generic_failure', code, signal: null, reason };
}
