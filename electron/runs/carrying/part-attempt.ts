import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { EscalationSignal } from '../../../shared/role.ts';
import type { RunOutcome, RunOutput } from '../../../shared/run.ts';
import type { Interrupted } from '../../agents/interrupted.ts';
import type { CheckedPart } from '../../planning/checked-plan.ts';
import type { SubtaskEnd, SubtaskOrder, SubtaskSessions } from '../../sessions/subtask-sessions.ts';
import type { ListedPart } from './planned-part.ts';

/** Where parts of one run work, and what they left there. */
export interface PartGround {
  order(given: { listed: ListedPart; part: CheckedPart; tier: number }): SubtaskOrder;
  /** What a part that ended well left, of what it declares. */
  left(part: CheckedPart, signal: AbortSignal): Promise<{ outputs: RunOutput[]; missing: string[] }>;
}

export type RetryReason = NonNullable<SubtaskEnd['retry']> | 'output_missing';

export interface PartEnd {
  readonly at: number;
  readonly outcome: RunOutcome;
  readonly retry: RetryReason | null;
  readonly answer: string;
  readonly signals: readonly EscalationSignal[];
  readonly outputs: readonly RunOutput[];
  readonly missing: readonly string[];
}

/** One try at one part, from its order to its end. */
export class PartAttempt {
  readonly #given: { at: number; listed: ListedPart; part: CheckedPart; tier: number };
  readonly #needs: { sessions: SubtaskSessions; ground: PartGround };
  readonly #changed: () => void;
  readonly #abort = new AbortController();
  readonly #settled = Promise.withResolvers<void>();
  /** Questions that wait for a person. */
  waits = 0;
  session: Id<'session'> | null = null;

  constructor(
    given: { at: number; listed: ListedPart; part: CheckedPart; tier: number },
    needs: { sessions: SubtaskSessions; ground: PartGround },
    changed: () => void,
  ) {
    this.#given = given;
    this.#needs = needs;
    this.#changed = changed;
  }

  /** Resolves when nothing of it runs any more, whatever became of it. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  abort(reason: Interrupted): void {
    this.#abort.abort(reason);
  }

  /** Null where it is left to the next life. */
  async carry(): Promise<PartEnd | null> {
    try {
      return await this.#carry();
    } finally {
      this.#settled.resolve();
    }
  }

  async #carry(): Promise<PartEnd | null> {
    const { at, part } = this.#given;
    const { signal } = this.#abort;
    try {
      const order = this.#needs.ground.order(this.#given);
      const end = await this.#needs.sessions.carry(order, this.#hears(), signal);
      if (this.#isLeft()) return null;
      const { answer, signals, outcome, retry } = end;
      const said = { at, answer, signals, outcome, retry };
      if (outcome.label !== 'success') return { ...said, outputs: [], missing: [] };
      const { ground } = this.#needs;
      const left = part.outputs.length === 0 ? nothingLeft : await ground.left(part, signal);
      const [missing] = left.missing;
      if (missing === undefined || !part.role.requireDeclaredOutput) return { ...said, ...left };
      const reason = `It said that it was done, and did not leave ${missing}.`;
      return { ...said, ...left, outcome: { label: 'work_failed', reason }, retry: 'output_missing' };
    } catch (thrown) {
      if (this.#isLeft()) return null;
      return this.#failed(thrown);
    }
  }

  #failed(thrown: unknown): PartEnd {
    const { message, mend, code } = Problem.of(thrown);
    const reason = mend === undefined ? message : `${message} ${mend}`;
    const label =
      code === 'cancelled'
        ? 'cancelled'
        : code === 'budget_exhausted'
          ? 'budget_exhausted'
          : code === 'forbidden'
            ? 'blocked'
            : 'infrastructure_failure';
    const { at } = this.#given;
    const retry = label === 'infrastructure_failure' ? 'infrastructure' : null;
    return {
      at,
      outcome: { label, reason: reason.slice(0, 4000) },
      retry,
      answer: '',
      signals: [],
      ...nothingLeft,
    };
  }

  #isLeft(): boolean {
    const reason: unknown = this.#abort.signal.reason;
    return this.#abort.signal.aborted && (reason as Interrupted).goesOn;
  }

  #hears() {
    return {
      session: (id: Id<'session'>) => {
        this.session = id;
        this.#changed();
      },
      asking: (waits: number) => {
        if (waits === this.waits) return;
        this.waits = waits;
        this.#changed();
      },
    };
  }
}

const nothingLeft = { outputs: [], missing: [] };
