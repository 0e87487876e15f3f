import type { SpendLimit } from '../models.ts';

export interface Spent {
  readonly tokens: number;
  readonly micros: number;
}

/** Whose spending is counted, and since when. */
export interface AccountName {
  readonly kind: 'session' | 'agent' | 'person' | 'day';
  /** The session's id or the agent's name; empty for the others. */
  readonly of: string;
  /** The beginning of the period that runs, in milliseconds; 0: all there ever was. */
  readonly since: number;
  /** When it begins anew; null: never. */
  readonly until: number | null;
}

/** What was spent on one account in its period, and what is set aside for calls that run. */
export class Account {
  readonly name: AccountName;
  limit: SpendLimit;
  #tokens: number;
  #micros: number;
  #reservedTokens = 0;
  #reservedMicros = 0;
  #held = 0;

  constructor(name: AccountName, spent: Spent, limit: SpendLimit) {
    this.name = name;
    this.limit = limit;
    this.#tokens = spent.tokens;
    this.#micros = spent.micros;
  }

  get spent(): Spent {
    return { tokens: this.#tokens, micros: this.#micros };
  }

  get reserved(): Spent {
    return { tokens: this.#reservedTokens, micros: this.#reservedMicros };
  }

  /** True while a call runs that it pays for. */
  get busy(): boolean {
    return this.#held > 0;
  }

  /** What is left; null: no bound. */
  left(): SpendLimit {
    const { tokens, micros } = this.limit;
    return {
      tokens: tokens === null ? null : tokens - this.#tokens - this.#reservedTokens,
      micros: micros === null ? null : micros - this.#micros - this.#reservedMicros,
    };
  }

  hold({ tokens, micros }: Spent): void {
    this.#reservedTokens += tokens;
    this.#reservedMicros += micros;
    this.#held++;
  }

  settle(held: Spent, spent: Spent): void {
    this.#reservedTokens -= held.tokens;
    this.#reservedMicros -= held.micros;
    this.#held--;
    this.#tokens += spent.tokens;
    this.#micros += spent.micros;
  }
}
