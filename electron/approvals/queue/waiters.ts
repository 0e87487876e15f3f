import type { Clock } from '../../base/clock.ts';
import type { Id } from '../../../shared/ids.ts';
import type { PlannedCall } from '../asking.ts';

/** A call or a question that waits here, in this life, for what becomes of its approval. */
export interface Waiter {
  readonly approval: Id<'approval'>;
  /** Null for an agent's own question. */
  readonly call: PlannedCall | null;
  readonly question: { readonly choices: readonly string[]; readonly free: boolean } | null;
}

interface Kept extends Waiter {
  readonly settled: () => void;
  readonly fail: (reason: unknown) => void;
}

/** Who waits for which approval, and for which a time is set. */
export class Waiters {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Set<Kept>>();
  readonly #timers = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is settled; a signal ends the waiting and leaves the question. */
  async wait(waiter: Waiter, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const kept: Kept = { ...waiter, settled: resolve, fail: reject };
    const all = this.#kept.get(waiter.approval) ?? new Set();
    this.#kept.set(waiter.approval, all.add(kept));
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', abort);
      all.delete(kept);
      if (all.size === 0 && this.#kept.get(waiter.approval) === all) this.#kept.delete(waiter.approval);
    }
  }

  of(approval: string): Waiter | undefined {
    return this.#kept.get(approval)?.values().next().value;
  }

  all(): Waiter[] {
    return [...this.#kept.values()].flatMap((kept) => [...kept].slice(0, 1));
  }

  settle(approval: string): void {
    this.#timers.get(approval)?.();
    this.#timers.delete(approval);
    for (const { settled } of this.#kept.get(approval) ?? []) settled();
  }

  /** Calls at that time, unless it is settled before. */
  at(approval: string, time: string, call: () => void): void {
    const left = Date.parse(time) - this.#clock.now().getTime();
    // A timer holds at most 2^31 milliseconds.
    const cancel = this.#clock.after(Math.max(0, Math.min(left, 2 ** 31 - 1)), () => {
      if (Date.parse(time) <= this.#clock.now().getTime()) call();
      else this.at(approval, time, call);
    });
    this.#timers.set(approval, cancel);
  }

  close(reason: unknown): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    for (const kept of [...this.#kept.values()].flatMap((all) => [...all])) kept.fail(reason);
  }
}
