import { afterLong, type Clock } from '../../../base/clock.ts';

/** A time that runs only while somebody works: what waits for a person does not use it up. */
export class WorkingTime {
  readonly #clock: Clock;
  readonly #over: () => void;
  #left: number;
  #since: number | null = null;
  #forget: () => void = () => undefined;

  constructor(clock: Clock, milliseconds: number, over: () => void) {
    this.#clock = clock;
    this.#left = milliseconds;
    this.#over = over;
  }

  runs(does: boolean): void {
    if (does === (this.#since !== null)) return;
    const now = this.#clock.now().getTime();
    if (this.#since === null) {
      this.#since = now;
      this.#forget = afterLong(this.#clock, this.#left, this.#over);
      return;
    }
    this.#left = Math.max(0, this.#left - (now - this.#since));
    this.stop();
  }

  stop(): void {
    this.#forget();
    this.#since = null;
  }
}
