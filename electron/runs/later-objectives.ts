import type { Objective } from '../../shared/objective.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import { type Later, later } from '../base/later.ts';
import { onceOpen } from '../base/once-open.ts';
import { anyObjective } from './objective-rows.ts';
import type { Objectives } from './objectives.ts';

/** The objectives of a house that opens them where there is one, or when somebody first asks for more than to watch. */
export class LaterObjectives {
  readonly open: Later<Objectives>;
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #opened = Promise.withResolvers<void>();
  #opening: Promise<Objectives> | undefined;
  #closing = false;

  constructor(record: Pick<AuditRecord, 'rows'>, open: () => Promise<Objectives>) {
    this.#record = record;
    this.open = later(async () => {
      if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and starts nothing new.');
      this.#opening = open();
      const objectives = await this.#opening;
      this.#opened.resolve();
      return objectives;
    });
  }

  /** All objectives, and again whenever one changes. Where there is none nothing is built before there is one. */
  async *watch(signal: AbortSignal): AsyncGenerator<Objective[], void> {
    if (this.#opening === undefined && this.#record.rows(anyObjective).length === 0) {
      yield [];
      await onceOpen(this.#opened.promise, signal);
      if (signal.aborted) return;
    }
    yield* (await this.open()).watch(signal);
  }

  async close(): Promise<void> {
    this.#closing = true;
    const objectives = await this.#opening?.catch(() => undefined);
    await objectives?.close();
  }
}
