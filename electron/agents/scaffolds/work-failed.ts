import { Problem } from '../../../shared/problem.ts';

/** What was to be done was tried and did not succeed, in words for a person. */
export class WorkFailed extends Problem {
  /** How its turn ends. */
  readonly stopReason: string;

  constructor(reason: string, stopReason?: 'timed_out') {
    const words = reason.slice(0, 1900).toWellFormed();
    super('conflict', words);
    this.stopReason = stopReason ?? `failed: ${words}`;
  }
}
