import type { Limits } from '../../shared/capability.ts';

const minute = 60_000;

/**
 * How often one token was used, and when lately. At most `perMinute` uses lie within any 60 seconds: each
 * must be a minute younger than the one that many uses before it.
 */
export class UseCount {
  readonly #most: number;
  readonly #perMinute: number | null;
  /** The times of the last `perMinute` uses, the oldest at `#place` once it is full. */
  readonly #times: number[] = [];
  #place = 0;
  #newest = -Infinity;
  /** What the record says. */
  written: number;
  /** With what is about to be written. */
  taken: number;

  constructor(limits: Pick<Limits, 'uses' | 'perMinute'>, used = 0, lastUsed = -Infinity) {
    this.#most = limits.uses ?? Infinity;
    this.#perMinute = limits.perMinute;
    this.written = used;
    this.taken = used;
    // After a restart only the last time is known: all the uses of a minute may have been then.
    if (this.#perMinute !== null && used > 0) {
      this.#times = Array.from({ length: Math.min(used, this.#perMinute) }, () => lastUsed);
      this.#newest = lastUsed;
    }
  }

  refusal(now: number): 'used_up' | 'too_often' | null {
    if (this.taken >= this.#most) return 'used_up';
    if (this.#perMinute === null) return null;
    if (now < this.#newest) this.#turnBack(now);
    const oldest = this.#times[this.#place];
    const full = this.#times.length >= this.#perMinute;
    return full && oldest !== undefined && now - oldest < minute ? 'too_often' : null;
  }

  /** Only after `refusal` said null, with nothing in between. */
  take(now: number): void {
    this.taken++;
    if (this.#perMinute === null) return;
    if (this.#times.length < this.#perMinute) this.#times.push(now);
    else {
      this.#times[this.#place] = now;
      this.#place = (this.#place + 1) % this.#perMinute;
    }
    this.#newest = now;
  }

  /** The record could not be written, so nothing was done; that it was tried still counts for the minute. */
  giveBack(uses: number): void {
    this.taken -= uses;
  }

  /** The clock was set back: what seems to lie ahead counts as now, so that it blocks for a minute at most. */
  #turnBack(now: number): void {
    for (let i = 0; i < this.#times.length; i++) this.#times[i] = Math.min(this.#times[i]!, now);
    this.#newest = now;
  }
}
