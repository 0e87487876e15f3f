import type { Timing } from '../timing.ts';

/** A clock that stands still until it is told to go on. */
export class StandingClock implements Timing {
  #now = 0;
  #waiting: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  chance(): number {
    return 0.5;
  }

  after(milliseconds: number, call: () => void): () => void {
    const wait = { at: this.#now + milliseconds, call };
    this.#waiting.push(wait);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== wait);
    };
  }

  /** How long until the next call; undefined where nothing waits. */
  get next(): number | undefined {
    const [first] = this.#waiting.toSorted((a, b) => a.at - b.at);
    return first && first.at - this.#now;
  }

  /** Goes to the next call and makes it, then lets everything settle. */
  async goOn(): Promise<void> {
    const [first] = this.#waiting.toSorted((a, b) => a.at - b.at);
    if (!first) return;
    this.#waiting = this.#waiting.filter((one) => one !== first);
    this.#now = first.at;
    first.call();
    await settled();
  }
}

/** Lets every promise that is ready run, also those that become ready by it. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
