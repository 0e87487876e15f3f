import type { Outcome } from '../../shared/session.ts';
import { Problem } from '../../shared/problem.ts';
import type { CommandEnd } from '../sandbox/sandbox.ts';

/** Why a session was ended from outside; it counts more than how its command then ended. */
export type Ending =
  | { readonly why: 'stopped'; readonly reason: string }
  | { readonly why: 'timed_out'; readonly reason: string }
  /** A limit that a watchdog keeps, a right that was taken away, a sandbox that went away. */
  | { readonly why: 'broken'; readonly reason: string };

const longest = 2000;

/** The one outcome of a session, from how its command ended and what was done to it before. */
export function outcomeOf(end: CommandEnd, ending: Ending | null): Outcome {
  if (ending?.why === 'stopped') return outcome('cancelled', 130, ending.reason);
  if (ending?.why === 'timed_out') return outcome('timed_out', 124, ending.reason);
  if (ending?.why === 'broken') return outcome('infrastructure_failure', 6, ending.reason);
  switch (end.how) {
    case 'exited':
      return end.code === 0
        ? outcome('success', 0, null)
        : outcome('work_failed', end.code, end.reason ?? null);
    case 'signalled':
      return {
        ...outcome(
          'terminated_by_signal',
          128 + end.signal,
          end.reason === undefined ? `signal ${end.signal}` : `signal ${end.signal}: ${end.reason}`,
        ),
        signal: end.signal,
      };
    case 'timed_out':
      return outcome('timed_out', 124, 'its time was over');
    case 'cancelled':
      return outcome('cancelled', 130, null);
    case 'not_started':
      return end.code === 126
        ? outcome('command_not_executable', 126, end.reason)
        : outcome('command_not_found', 127, end.reason);
    case 'lost':
      return outcome('infrastructure_failure', 6, end.reason);
  }
}

/** Where it never came to a command, or nobody saw its end. */
export function failedOutcome(thrown: unknown): Outcome {
  const problem = Problem.of(thrown);
  if (problem.code === 'cancelled') return outcome('cancelled', 130, problem.message);
  return outcome('infrastructure_failure', 6, problem.message);
}

/** The outcome on one line. */
export function outcomeInWords({ label, code, reason }: Outcome): string {
  const said = label === 'work_failed' ? `exit code ${code}` : label.replaceAll('_', ' ');
  return reason === null ? said : `${said}: ${reason}`;
}

function outcome(label: Outcome['label'], code: number, reason: string | null): Outcome {
  return { label, code, signal: null, reason: reason && reason.toWellFormed().slice(0, longest) };
}
