import type { EventPage } from '../../../shared/contract/record.ts';
import type { Question } from '../query.ts';

export interface SearchedRecord {
  size(): number;
  /** How many events the word index knew when the record was opened. */
  readonly indexed: number;
  /** Brings the word index up to date; answers with how many events it knows. */
  index(): Promise<number>;
  query(question: Question): Promise<EventPage>;
}

/** Questions to the record. The word index follows the log a moment behind; whoever asks by words or kinds finds all the same. */
export class Searching {
  readonly #record: SearchedRecord;
  #indexed: number;
  #indexing: Promise<void> | undefined;

  constructor(record: SearchedRecord) {
    this.#record = record;
    this.#indexed = record.indexed;
  }

  async query(question: Question): Promise<EventPage> {
    const { text, kinds } = question.filter;
    if (text !== undefined || kinds !== undefined) await this.#reach(this.#record.size());
    return this.#record.query(question);
  }

  /** What cannot be indexed, since the disk is full, is found later; the rest is found now. */
  async #reach(size: number): Promise<void> {
    for (let tries = 0; this.#indexed < size && tries < 2; tries++) {
      this.#indexing ??= this.#index();
      await this.#indexing;
    }
  }

  async #index(): Promise<void> {
    try {
      this.#indexed = await this.#record.index();
    } catch {
      // Asked again with the next question.
    } finally {
      this.#indexing = undefined;
    }
  }
}
