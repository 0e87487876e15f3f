import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';

const pause = 1000;

/**
 * What was erased is gone from the database at once, but its write-ahead log can only be emptied when nobody reads
 * from before: an export or a backup under way keeps it. So it is tried until it succeeds.
 */
export class Forgetting {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #forget: () => Promise<boolean>;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, log: Log, forget: () => Promise<boolean>) {
    this.#clock = clock;
    this.#log = log;
    this.#forget = forget;
  }

  /** Tries once; the rest happens by itself. */
  async begin(): Promise<void> {
    this.close();
    try {
      if (await this.#forget()) return;
    } catch (problem) {
      this.#log.warn({ err: problem }, 'the write-ahead log could not be emptied');
    }
    this.close();
    this.#cancel = this.#clock.after(pause, () => void this.begin());
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
