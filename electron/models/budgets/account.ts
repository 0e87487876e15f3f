import type { SpendLimit } from '../models.ts';

export interface Amount {
  readonly tokens: number;
  readonly micros: number;
}

export interface Spent extends Amount {
  /** Those of the tokens whose price nobody knows: the money is without them. */
  readonly unpriced: number;
}

/** Whose spending is counted, and since when. */
export interface AccountName {
  readonly kind: 'run' | 'session' | 'agent' | 'person' | 'day';
  /** The run's or the session's id or the agent's name; empty for the others. */
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
  #unpriced: number;
  #reservedTokens = 0;
  #reservedMicros = 0;
  #held = 0;

  constructor(name: AccountName, spent: Spent, limit: SpendLimit) {
    this.name = name;
    this.limit = limit;
    this.#tokens = spent.tokens;
    this.#micros = spent.micros;
    this.#unpriced = spent.unpriced;
  }

  get spent(): Spent {
    return { tokens: this.#tokens, micros: this.#micros, unpriced: this.#unpriced };
  }

  get reserved(): Amount {
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

  hold({ tokens, micros }: Amount): void {
    this.#reservedTokens += tokens;
    this.#reservedMicros += micros;
    this.#held++;
  }

  settle(held: Amount, spent: { tokens: number; micros: number | null }): void {
    this.#reservedTokens -= held.tokens;
    this.#reservedMicros -= held.micros;
    this.#held--;
    this.#tokens += spent.tokens;
    if (spent.micros === null) this.#unpriced += spent.tokens;
    else this.#micros += spent.micros;
  }
}
