import type { Status } from '../../shared/contract/house.ts';
import type { Clock } from '../base/clock.ts';
import { rest } from '../base/waking.ts';

/** At most ten states a second reach a watcher, however fast the record grows. */
const pause = 100;

/** A state for watchers: once at first, then again after changes, several changes as one. Nothing polls. */
export class StatusFeed<State = Status> {
  readonly #status: () => Promise<State>;
  readonly #clock: Clock;
  #version = 0;
  #waiting = new Set<() => void>();

  constructor(status: () => Promise<State>, clock: Clock) {
    this.#status = status;
    this.#clock = clock;
  }

  changed(): void {
    this.#version++;
    for (const wake of this.#waiting) wake();
  }

  async *watch(signal: AbortSignal): AsyncGenerator<State, void> {
    while (!signal.aborted) {
      const seen = this.#version;
      yield await this.#status();
      await rest(this.#clock, pause, signal);
      while (seen === this.#version && !signal.aborted) await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
