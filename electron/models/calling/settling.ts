import type { Usage } from '../../../shared/conversation.ts';
import type { Reservation } from '../budgets.ts';
import { costOf } from '../budgets/cost.ts';
import type { Price } from '../known/known-schema.ts';

export interface Settled {
  readonly tokens: number;
  readonly micros: number | null;
}

/** What one question counts for in the end: what its provider says, else what can be told from what was heard. */
export class Settling {
  readonly #reserved: Reservation;
  readonly #input: number;
  readonly #price: Price | null;
  #heard = 0;
  #done = false;

  constructor(reserved: Reservation, input: number, price: Price | null) {
    this.#reserved = reserved;
    this.#input = input;
    this.#price = price;
  }

  get done(): boolean {
    return this.#done;
  }

  heard(text: string): void {
    this.heardBytes(Buffer.byteLength(text));
  }

  heardBytes(bytes: number): void {
    this.#heard += bytes;
  }

  answered(told: Usage | null): { usage: Usage; cost: number | null } {
    const usage = told === null ? this.#guess() : this.#believed(told);
    const cost = costOf(usage, this.#price);
    this.#settle({ tokens: usage.input + usage.output, micros: cost });
    return { usage, cost };
  }

  /** It was sent, and nobody said what it cost. */
  guessed(): Settled {
    const usage = this.#guess();
    return this.#settle({ tokens: usage.input + usage.output, micros: costOf(usage, this.#price) });
  }

  /** What was told before the end, and no less than was heard. */
  atLeast(told: Usage): Usage {
    return { ...told, output: Math.max(told.output, this.#guess().output) };
  }

  /** It was cut before its end, when no more than a part of what it took was told. */
  cut(told: Usage | null): Settled {
    const usage = told === null ? this.#guess() : this.atLeast(told);
    return this.#settle({ tokens: usage.input + usage.output, micros: costOf(usage, this.#price) });
  }

  /** It was sent in one piece, and what came of it is not known at all. */
  worst(): Settled {
    return this.#settle({ tokens: this.#reserved.tokens, micros: this.#reserved.micros });
  }

  /** It was not sent, or refused before anything was counted. */
  nothing(): Settled {
    return this.#settle({ tokens: 0, micros: this.#price === null ? null : 0 });
  }

  /** Nobody answers a question without reading it, or says something in no words: nought is no number here. */
  #believed(told: Usage): Usage {
    const guess = this.#guess();
    return {
      ...told,
      input: told.input > 0 ? told.input : guess.input,
      output: told.output > 0 ? told.output : guess.output,
    };
  }

  #guess(): Usage {
    const output = Math.min(this.#reserved.output, Math.ceil(this.#heard / 3));
    return { input: this.#input, output, cacheRead: 0, cacheWrite: 0 };
  }

  #settle(spent: Settled): Settled {
    this.#done = true;
    this.#reserved.settle(spent);
    return spent;
  }
}
