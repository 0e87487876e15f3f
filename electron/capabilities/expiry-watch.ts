import type { Clock } from '../base/clock.ts';

/** A timer holds at most 2^31 milliseconds, which is less than many tokens live. */
const longest = 2 ** 31 - 1;

/** Calls back when the time of a thing is over, however far off that is. */
export class ExpiryWatch<Thing> {
  readonly #clock: Clock;
  readonly #over: (thing: Thing) => void;
  readonly #timers = new Map<Thing, () => void>();

  constructor(clock: Clock, over: (thing: Thing) => void) {
    this.#clock = clock;
    this.#over = over;
  }

  watch(thing: Thing, expires: number): void {
    if (expires === Infinity) return;
    const left = expires - this.#clock.now().getTime();
    if (left <= 0) {
      this.#timers.delete(thing);
      this.#over(thing);
      return;
    }
    this.#timers.set(
      thing,
      this.#clock.after(Math.min(left, longest), () => this.watch(thing, expires)),
    );
  }

  forget(thing: Thing): void {
    this.#timers.get(thing)?.();
    this.#timers.delete(thing);
  }

  close(): void {
    for (const thing of this.#timers.keys()) this.forget(thing);
  }
}
