import type { Clock } from '../../base/clock.ts';
import { rest, woken } from '../../base/waking.ts';
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
        if (!signal.aborted) await rest(this.#clock, restMilliseconds, signal);
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }
}
