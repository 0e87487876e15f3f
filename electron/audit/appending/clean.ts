import { canonicalJson } from '../tree/canonical.ts';

/** What an event says, free of secrets. */
export interface Clean {
  readonly value: unknown;
  /** Its canonical JSON (RFC 8785). */
  readonly text: string;
  /** Every text in it, in canonical order. */
  readonly words: readonly string[];
}

type Exchange = (text: string) => string;

/**
 * Copies a JSON value with every text passed through `exchange`; lone surrogates, which no JSON can carry, are replaced.
 * Names are put in canonical order, so that a rebuild finds the same words in the same places.
 */
export function cleaned(value: unknown, exchange: Exchange): Clean {
  const copying = new Copying(exchange);
  const copy = copying.of(value);
  const text = copying.isCanonical ? JSON.stringify(copy) : canonicalJson(copy);
  return { value: copy, text, words: copying.words };
}

export function textsIn(data: unknown): readonly string[] {
  const copying = new Copying((text) => text);
  copying.of(data);
  return copying.words;
}

class Copying {
  readonly words: string[] = [];
  /** Whether JSON as JavaScript writes it is the canonical one: nearly always, and then nothing is sorted twice. */
  isCanonical = true;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  of(value: unknown): unknown {
    if (typeof value === 'string') {
      const text = this.#exchange(value.toWellFormed());
      this.words.push(text);
      return text;
    }
    if (typeof value === 'object' && value !== null) {
      return Array.isArray(value) ? value.map((item) => this.of(item)) : this.#object(value);
    }
    if (value !== null && typeof value !== 'boolean' && !Number.isFinite(value)) this.isCanonical = false;
    return value;
  }

  #object(value: object): object {
    const names = Object.keys(value);
    if (names.length > 1) names.sort();
    const copy: Record<string, unknown> = {};
    for (const name of names) {
      const called = this.#exchange(name.toWellFormed());
      // JavaScript puts names that are numbers first, and what is exchanged may belong elsewhere.
      if (called !== name || startsWithDigit.test(name)) this.isCanonical = false;
      const item = this.of((value as Record<string, unknown>)[name]);
      // Set plainly, this one would be no name.
      if (called === '__proto__') Object.defineProperty(copy, called, { value: item, ...ordinary });
      else copy[called] = item;
    }
    return copy;
  }
}

const startsWithDigit = /^\d/;
const ordinary = { enumerable: true, configurable: true, writable: true };
