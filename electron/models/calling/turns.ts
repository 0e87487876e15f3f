import type { Clock } from '../../base/clock.ts';

interface Waiter {
  readonly begin: () => void;
}

/**
 * Who may ask a provider next. A bounded number at a time and a minute; where more want to, each session in its turn,
 * so that one with many calls does not keep the others waiting.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #most: number;
  /** Milliseconds between two beginnings. */
  readonly #gap: number;
  /** Sessions in the order of their turns. */
  readonly #waiting = new Map<string, Waiter[]>();
  #running = 0;
  #notBefore = 0;
  #forget: (() => void) | undefined;

  constructor(clock: Clock, { concurrency, perMinute }: { concurrency: number; perMinute: number | null }) {
    this.#clock = clock;
    this.#most = concurrency;
    this.#gap = perMinute === null ? 0 : 60_000 / perMinute;
  }

  /** The release of a turn that is free now, or null. */
  takeNow(): (() => void) | null {
    if (this.#waiting.size > 0 || !this.#free()) return null;
    return this.#begin();
  }

  /** Until when the provider rests, where it does. */
  get restsUntil(): Date | null {
    return this.#notBefore > this.#now() ? new Date(this.#notBefore) : null;
  }

  take(session: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const line = this.#waiting.get(session)?.filter((other) => other !== waiter) ?? [];
        if (line.length > 0) this.#waiting.set(session, line);
        else this.#waiting.delete(session);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        begin: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.#begin());
        },
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.set(session, [...(this.#waiting.get(session) ?? []), waiter]);
      this.#next();
    });
  }

  /** The provider asked everybody for patience. */
  rest(milliseconds: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.#now() + milliseconds);
  }

  close(): void {
    this.#forget?.();
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #free(): boolean {
    return this.#running < this.#most && this.#now() >= this.#notBefore;
  }

  #begin(): () => void {
    this.#running++;
    if (this.#gap > 0) this.#notBefore = Math.max(this.#notBefore, this.#now() + this.#gap);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#running--;
      this.#next();
    };
  }

  #next(): void {
    this.#forget?.();
    this.#forget = undefined;
    while (this.#free()) {
      const [first] = this.#waiting;
      if (!first) return;
      const [session, [waiter, ...rest]] = first;
      this.#waiting.delete(session);
      // Behind all the others, until its turn comes again.
      if (rest.length > 0) this.#waiting.set(session, rest);
      waiter?.begin();
    }
    const wait = this.#notBefore - this.#now();
    if (this.#waiting.size > 0 && wait > 0 && this.#running < this.#most)
      this.#forget = this.#clock.after(wait, () => this.#next());
  }
}
