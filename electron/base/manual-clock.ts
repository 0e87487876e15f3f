import type { Clock } from './clock.ts';

/** A clock for tests: time passes only when it is told to. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { due: number; call: () => void }[] = [];

  constructor(start: Date = new Date('2026-01-01T00:00:00Z')) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { due: this.#now + milliseconds, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Somebody sets it: what waits still waits as long as before. */
  set(moment: Date): void {
    const by = moment.getTime() - this.#now;
    for (const timer of this.#timers) timer.due += by;
    this.#now = moment.getTime();
  }

  /** How many wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets time pass, and what falls due happen in its order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.due);
      next.call();
    }
    this.#now = end;
  }
}
