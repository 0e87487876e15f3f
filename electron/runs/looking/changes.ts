import type { Clock } from '../../base/clock.ts';
import { rest, woken } from '../../base/waking.ts';

/** How often who follows looks again at most: what changes meanwhile is told once. */
const restMilliseconds = 30;

interface Follower<Key> {
  readonly changed: Set<Key>;
  wake: () => void;
}

/** Tells followers what changed: each thing once for as long as they did not ask, however often it did. */
export class Changes<Key> {
  readonly #clock: Clock;
  readonly #followers = new Set<Follower<Key>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get followed(): boolean {
    return this.#followers.size > 0;
  }

  tell(keys: Iterable<Key>): void {
    for (const follower of this.#followers) {
      for (const key of keys) follower.changed.add(key);
      follower.wake();
    }
  }

  /** What changed since it was last asked, until the signal. It hears from its first `next` on. */
  async *follow(signal: AbortSignal): AsyncGenerator<ReadonlySet<Key>, void> {
    let follower: Follower<Key> = { changed: new Set(), wake: () => undefined };
    this.#followers.add(follower);
    try {
      while (!signal.aborted) {
        if (follower.changed.size === 0) await woken(follower, signal);
        if (signal.aborted) return;
        const { changed } = follower;
        this.#followers.delete(follower);
        follower = { changed: new Set(), wake: () => undefined };
        this.#followers.add(follower);
        yield changed;
        await rest(this.#clock, restMilliseconds, signal);
      }
    } finally {
      this.#followers.delete(follower);
    }
  }
}
