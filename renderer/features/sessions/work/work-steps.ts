import type { Session } from '../../../../shared/session.ts';
import type { SessionWork } from '../../../../shared/session-work.ts';

/** One step of a command agent’s life, and where it stands. */
export interface WorkStep {
  readonly name: string;
  readonly state: 'done' | 'now' | 'next' | 'failed' | 'left_out';
}

/** From its place in the queue to its sealed record. */
export function stepsOf({ state, progress, outcome, layers }: Session, work: SessionWork): WorkStep[] {
  const over = outcome !== null;
  const isCloned = work.base !== null;
  const works = state === 'running' || state === 'stopping';
  const hasWorked = isCloned && layers.length > 0;
  const waits = state === 'preparing' && !isCloned && (progress === null || progress.startsWith('waits'));
  const of = (isDone: boolean, isNow: boolean): WorkStep['state'] =>
    isDone ? 'done' : isNow ? 'now' : over ? 'left_out' : 'next';
  return [
    { name: 'Its turn', state: of(!waits && (isCloned || !over), waits) },
    { name: 'Clone', state: of(isCloned, state === 'preparing' && !waits) },
    { name: 'Work', state: of(over && hasWorked, works || (state === 'preparing' && isCloned)) },
    { name: 'Changes collected', state: of(work.collected !== null, false) },
    {
      name: 'Record sealed',
      state: over && !work.sealed && work.record !== null ? 'failed' : of(work.sealed, false),
    },
  ];
}
