import type { Clock } from '../base/clock.ts';

/**
 * Watches one connection: where something waits to be sent and nothing was taken for so long, it is cut off.
 * One timer at most, and none while nothing waits.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #cut: () => void;
  #waiting = 0;
  #moved = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, patience: number, cut: () => void) {
    this.#clock = clock;
    this.#patience = patience;
    this.#cut = cut;
  }

  /** Something now waits to be taken. */
  waits(): void {
    if (this.#waiting++ > 0) return;
    this.#moved = this.#clock.now().getTime();
    if (!this.#cancel) this.#arm(this.#patience);
  }

  /** Something that waited was taken. */
  taken(): void {
    this.#waiting--;
    this.#moved = this.#clock.now().getTime();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(milliseconds: number): void {
    this.#cancel = this.#clock.after(milliseconds, () => {
      this.#cancel = undefined;
      if (this.#waiting === 0) return;
      const left = this.#moved + this.#patience - this.#clock.now().getTime();
      if (left > 0) this.#arm(left);
      else this.#cut();
    });
  }
}
