import { Problem } from '../../shared/problem.ts';

/** Why a turn is cut short. Where it `goesOn`, another life takes it up where it was left. */
export class Interrupted extends Problem {
  readonly goesOn: boolean;

  constructor(reason: string, goesOn: boolean) {
    super('cancelled', reason);
    this.goesOn = goesOn;
  }
}

export function interruptionOf(signal: AbortSignal): Interrupted {
  const reason: unknown = signal.reason;
  return reason instanceof Interrupted ? reason : new Interrupted('It was interrupted.', false);
}
