import type { Connection } from '../../store/database.ts';
import { kindWord } from '../looking/words.ts';

/** What one event is found by. */
export interface EventWords {
  readonly seq: number;
  readonly kind: string;
  readonly words: string;
}

/** More than this does not wait in memory, however busy the writer is. */
const most = { events: 4000, letters: 4 * 1024 * 1024 };

/**
 * The word index follows the log a moment behind, so that no append waits for it: an index costs a commit as much as all
 * the rest of an event does. It is derived, so what a crash keeps it from is made up for when the record is opened.
 */
export class WordIndex {
  readonly #database: Connection;
  readonly #insert: (words: readonly EventWords[]) => void;
  #waiting: EventWords[] = [];
  #letters = 0;
  #lacks = false;

  constructor(database: Connection) {
    this.#database = database;
    const put = database.prepare('INSERT INTO event_words (rowid, text, kind) VALUES (?, ?, ?)');
    const insert = database.transaction((words: readonly EventWords[]) => {
      for (const { seq, kind, words: text } of words) put.run(seq, text, kindWord(kind));
    });
    this.#insert = (words) => insert.immediate(words);
  }

  /** Looks whether it knows all of a log of this size, as a life that ended too soon may have kept it from. */
  begin(size: number): void {
    this.#lacks = this.reaches() < size;
  }

  /** Where it lacks what is in the log: nothing later is added, so that no gap stays behind it. */
  get lacks(): boolean {
    return this.#lacks;
  }

  /** Takes it from there on from the log itself. */
  makeUp(indexFrom: (database: Connection, first: number) => void): void {
    indexFrom(this.#database, this.reaches());
    this.#lacks = false;
  }

  /** How many events it knows: all before that one. */
  reaches(): number {
    return this.#database
      .prepare('SELECT coalesce(max(id) + 1, 0) FROM event_words_docsize')
      .pluck()
      .get() as number;
  }

  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** True where no more should be appended before what waits is written. */
  get isFull(): boolean {
    return this.#waiting.length >= most.events || this.#letters >= most.letters;
  }

  /** Takes the words of events that are in the log by now. */
  add(events: readonly EventWords[]): void {
    if (this.#lacks) return;
    for (const event of events) {
      this.#waiting.push(event);
      this.#letters += event.words.length;
    }
  }

  /** Writes what waits. It need not reach the disk: the next event does so for both. */
  write(): void {
    if (!this.isBehind) return;
    this.#database.pragma('synchronous = NORMAL');
    try {
      this.#insert(this.#waiting);
    } finally {
      this.#database.pragma('synchronous = FULL');
    }
    this.#waiting = [];
    this.#letters = 0;
  }
}
