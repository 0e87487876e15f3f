import type { Clock } from '../../base/clock.ts';
import { Thread } from '../../base/thread-call.ts';
import type { ReaderCalls } from '../reading.ts';

const idleMilliseconds = 20_000;

/** A few threads that read, started when first needed and ended when nobody asked for a while. */
export class ReaderPool {
  readonly #entry: URL;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #most: number;
  readonly #ended: () => void;
  #threads: Thread<ReaderCalls>[] = [];
  #forgetIdle: (() => void) | undefined;

  constructor(options: { entry: URL; path: string; clock: Clock; most: number; ended?: () => void }) {
    this.#entry = options.entry;
    this.#path = options.path;
    this.#clock = options.clock;
    this.#most = options.most;
    this.#ended = options.ended ?? (() => undefined);
  }

  async call<Name extends keyof ReaderCalls>(
    name: Name,
    argument: ReaderCalls[Name][0],
    options: { told?: (told: ReaderCalls[Name][1]) => void; signal?: AbortSignal } = {},
  ): Promise<ReaderCalls[Name][2]> {
    const thread = this.#leastBusy();
    this.#forgetIdle?.();
    try {
      return await thread.call(name, argument, options);
    } finally {
      this.#endWhenIdle();
    }
  }

  /** A long job, on a thread that lives as long: it makes no short question wait. */
  async alone<Name extends keyof ReaderCalls>(
    name: Name,
    argument: ReaderCalls[Name][0],
    options: { told?: (told: ReaderCalls[Name][1]) => void; signal?: AbortSignal } = {},
  ): Promise<ReaderCalls[Name][2]> {
    const thread = this.own();
    try {
      return await thread.call(name, argument, options);
    } finally {
      await thread.close();
    }
  }

  /** A thread of one's own, for work that keeps it busy; the caller closes it. */
  own(): Thread<ReaderCalls> {
    return new Thread<ReaderCalls>(this.#entry, { path: this.#path });
  }

  async close(): Promise<void> {
    this.#forgetIdle?.();
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.close()));
  }

  #leastBusy(): Thread<ReaderCalls> {
    this.#threads = this.#threads.filter((thread) => thread.alive);
    const idle = this.#threads.find((thread) => thread.pending === 0);
    if (idle) return idle;
    if (this.#threads.length < this.#most) {
      const thread = this.own();
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((least, thread) => (thread.pending < least.pending ? thread : least));
  }

  #endWhenIdle(): void {
    if (this.#threads.some((thread) => thread.pending > 0)) return;
    this.#forgetIdle?.();
    this.#forgetIdle = this.#clock.after(idleMilliseconds, () => void this.close().then(this.#ended));
  }
}
