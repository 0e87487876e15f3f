import type { Clock } from '../../base/clock.ts';

/** So many failures in a row, and a provider is left alone for a while; then one call tries whether it is back. */
const most = 5;
const resting = 30_000;

export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  #until = 0;
  #trying = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When it is tried again, where it may not be asked now. Who is let through while it rests is the one that tries. */
  refuses(): Date | null {
    if (this.#failures < most) return null;
    if (this.#clock.now().getTime() < this.#until || this.#trying) return new Date(this.#until);
    this.#trying = true;
    return null;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures >= most) this.#until = this.#clock.now().getTime() + resting;
  }

  /** Whatever came of it: the next may try. */
  ended(): void {
    this.#trying = false;
  }
}
