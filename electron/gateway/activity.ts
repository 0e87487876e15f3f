import { Problem } from '../../shared/problem.ts';

/**
 * What the gateway is doing, so that a stop can let it finish: calls and jobs are waited for,
 * followers never end by themselves and are ended.
 */
export class Activity {
  #running = 0;
  #draining = false;
  readonly #following = new AbortController();
  #idle: (() => void)[] = [];

  get draining(): boolean {
    return this.#draining;
  }

  /** Aborted when a follower should end: its caller went away, or everything stops. */
  following(caller: AbortSignal | undefined): AbortSignal {
    const all = this.#following.signal;
    return caller ? AbortSignal.any([caller, all]) : all;
  }

  /** Begins one call; the returned function ends it. */
  begin(): () => void {
    if (this.#draining) {
      throw new Problem(
        'unavailable',
        'Holdfast is stopping and takes no new work.',
        'Start it again with `holdfast serve`.',
      );
    }
    this.#running++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#running--;
      if (this.#running === 0) for (const tell of this.#idle.splice(0)) tell();
    };
  }

  /** From now on nothing new begins; resolves when nothing runs any more. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#following.abort();
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
