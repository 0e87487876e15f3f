import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Run } from '../../shared/run.ts';
import type { AuditRecord } from '../audit/record.ts';
import { type Later, later } from '../base/later.ts';
import { onceOpen } from '../base/once-open.ts';
import { anyRun, openRuns } from './run-rows.ts';
import type { Runs } from './runs.ts';

/** The runs of a house that opens them when somebody first asks, and closes what was opened. */
export class LaterRuns {
  readonly open: Later<Runs>;
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #opened = Promise.withResolvers<void>();
  #opening: Promise<Runs> | undefined;
  #closing = false;

  constructor(record: Pick<AuditRecord, 'rows'>, open: () => Promise<Runs>) {
    this.#record = record;
    this.open = later(async () => {
      if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and starts nothing new.');
      this.#opening = open();
      const runs = await this.#opening;
      this.#opened.resolve();
      return runs;
    });
  }

  /** Each that is not over, or whose changes wait, and each again when it changes. Where there is none nothing is built. */
  async *watch(signal: AbortSignal): AsyncGenerator<Run, void> {
    if (this.#opening === undefined && this.#record.rows(openRuns).length === 0) {
      await onceOpen(this.#opened.promise, signal);
      if (signal.aborted) return;
    }
    yield* (await this.open()).watch(signal);
  }

  async list(wanted: Parameters<Runs['list']>[0]): ReturnType<Runs['list']> {
    if (this.#opening === undefined && this.#record.rows(anyRun).length === 0) return [];
    return (await this.open()).list(wanted);
  }

  /** Where they are open already. */
  folderRemoved(run: Id<'run'>): void {
    void this.#opening?.then(
      (runs) => runs.folderRemoved(run),
      () => undefined,
    );
  }

  async close(): Promise<void> {
    this.#closing = true;
    const runs = await this.#opening?.catch(() => undefined);
    await runs?.close();
  }
}
