import { Problem } from '../../shared/problem.ts';
import { type Later, later } from '../base/later.ts';
import type { Sessions } from './sessions.ts';

/** The sessions of a house that opens them when somebody first asks, and closes what was opened. */
export class LaterSessions {
  readonly open: Later<Sessions>;
  #opening: Promise<Sessions> | undefined;
  #closing = false;

  constructor(open: () => Promise<Sessions>) {
    this.open = later(async () => {
      if (this.#closing) throw new Problem('unavailable', 'Holdfast is stopping and opens nothing new.');
      this.#opening = open();
      return this.#opening;
    });
  }

  /** Ends every session at once, also while `close` still waits. */
  hurry(): void {
    void this.#opening?.then(
      (sessions) => sessions.hurry(),
      () => undefined,
    );
  }

  async close(): Promise<void> {
    this.#closing = true;
    const sessions = await this.#opening?.catch(() => undefined);
    await sessions?.close();
  }
}
