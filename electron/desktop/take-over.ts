import type { Clock } from '../base/clock.ts';

export interface TakeOverNeeds {
  readonly clock: Clock;
  /** The daemon has been away for so long that it has probably ended. */
  readonly lost: () => void;
  /** Asks the person; resolves with their answer, or with false when the signal withdraws the question. */
  readonly ask: (signal: AbortSignal) => Promise<boolean>;
  readonly takeOver: () => Promise<void>;
  readonly failed: (failure: unknown) => void;
}

/** A daemon that is only restarted is back by then. */
const grace = 4_000;

/**
 * When a daemon has ended, this app can be the house. It asks instead of doing it by itself: whoever stopped the daemon
 * may have meant it, and a daemon that is restarted later would find its data folder held.
 */
export class TakeOverOffer {
  readonly #needs: TakeOverNeeds;
  #asking: AbortController | undefined;

  constructor(needs: TakeOverNeeds) {
    this.#needs = needs;
  }

  /** The daemon does not answer. Said again, it changes nothing. */
  away(): void {
    if (this.#asking) return;
    const asking = new AbortController();
    this.#asking = asking;
    const cancel = this.#needs.clock.after(grace, () => {
      this.#needs.lost();
      void this.offer();
    });
    asking.signal.addEventListener('abort', cancel, { once: true });
  }

  /** The daemon is back, or this app is the house. */
  settled(): void {
    this.#asking?.abort();
    this.#asking = undefined;
  }

  /** Asks now. Nothing happens where nobody is away. */
  async offer(): Promise<void> {
    const asking = this.#asking;
    if (!asking) return;
    if ((await this.#needs.ask(asking.signal)) && !asking.signal.aborted) await this.accept();
  }

  async accept(): Promise<void> {
    try {
      await this.#needs.takeOver();
      this.settled();
    } catch (failure) {
      this.#needs.failed(failure);
    }
  }
}
