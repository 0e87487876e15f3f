import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { type Later, later } from '../base/later.ts';
import type { Runs } from './runs.ts';

/** The runs of a house that opens them when somebody first asks, and closes what was opened. */
export class LaterRuns {
  readonly open: Later<Runs>;
  #opening: Promise<Runs> | undefined;
  #closing = false;

  constructor(open: () => Promise<Runs>) {
    this.open = later(async () => {
      if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and starts nothing new.');
      this.#opening = open();
      return this.#opening;
    });
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
