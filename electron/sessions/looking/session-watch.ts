import type { Clock } from '../../base/clock.ts';
import { LoopTurns } from './loop-turns.ts';

/** How often a watcher looks again at most: what changes meanwhile is told once. */
const restMilliseconds = 20;

interface Watcher {
  readonly changed: Set<string>;
  wake: () => void;
}

/** Tells watchers which sessions changed; one that was not asked for meanwhile is told once, however often it did. */
export class SessionWatch {
  readonly #clock: Clock;
  readonly #turns: LoopTurns;
  readonly #watchers = new Set<Watcher>();

  constructor(clock: Clock, turns = new LoopTurns()) {
    this.#clock = clock;
    this.#turns = turns;
  }

  changed(session: string): void {
    for (const { changed, wake } of this.#watchers) {
      changed.add(session);
      wake();
    }
  }

  /** Ids of sessions that changed, in the order of their changes, until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<string, void> {
    const watcher: Watcher = { changed: new Set(), wake: () => undefined };
    this.#watchers.add(watcher);
    try {
      while (!signal.aborted) {
        if (watcher.changed.size === 0) await woken(watcher, signal);
        const [...round] = watcher.changed;
        watcher.changed.clear();
        for (const session of round) {
          await this.#turns.next();
          if (signal.aborted) return;
          // It is told as it is now, with whatever has changed since the round began.
          watcher.changed.delete(session);
          yield session;
        }
        if (!signal.aborted) await this.#rest(signal);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #rest(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        forget();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const forget = this.#clock.after(restMilliseconds, done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

function woken(watcher: Watcher, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      watcher.wake = () => undefined;
      signal.removeEventListener('abort', done);
      resolve();
    };
    watcher.wake = done;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
