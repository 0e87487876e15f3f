import type { Clock } from '../base/clock.ts';

const againMs = 5000;

/** Ends of sessions that the record did not take, such as on a full disk: tried again until it does. */
export class UnfinishedEnds {
  readonly #clock: Clock;
  readonly #told: (session: string) => void;
  readonly #ends = new Map<string, () => Promise<void>>();
  #forget: (() => void) | undefined;
  #trying: Promise<void> = Promise.resolve();

  /** `told` hears of each that is on the record after all. */
  constructor(clock: Clock, told: (session: string) => void) {
    this.#clock = clock;
    this.#told = told;
  }

  add(session: string, again: () => Promise<void>): void {
    this.#ends.set(session, again);
    this.#wait();
  }

  /** Once more, and then it is left to the next life. */
  close(): Promise<void> {
    this.#forget?.();
    this.#trying = this.#trying.then(() => this.#tryAll());
    return this.#trying;
  }

  #wait(): void {
    this.#forget ??= this.#clock.after(againMs, () => {
      this.#trying = this.#trying
        .then(() => this.#tryAll())
        .then(() => {
          this.#forget = undefined;
          if (this.#ends.size > 0) this.#wait();
        });
    });
  }

  async #tryAll(): Promise<void> {
    for (const [session, again] of this.#ends) {
      try {
        await again();
      } catch {
        // The first failure was told; the others will fail as this one did.
        return;
      }
      this.#ends.delete(session);
      this.#told(session);
    }
  }
}
