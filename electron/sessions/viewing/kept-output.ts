import type { Viewed } from '../../../shared/contract/sessions.ts';
import type { TerminalSize } from '../../sandbox/sandbox.ts';

export type OutputStream = 'terminal' | 'stdout' | 'stderr';

/** What is kept for viewers that come late or are slow; a little more before it is cleared. */
const most = 1 << 20;
const slack = 1 << 18;
/** The largest message to a viewer. */
const message = 128 * 1024;
/** What a viewer that misses nothing may have before it says what it took. */
const window = 512 * 1024;
/** What an entry costs beside its bytes, and how many one may wait for that misses nothing: all of these are kept. */
const overhead = 64;
const mostEntries = 4096;

interface Entry {
  /** How many bytes of output came before it. */
  readonly at: number;
  readonly what: { stream: OutputStream; bytes: Uint8Array } | { size: TerminalSize };
}

/** A viewer's place in the output. */
export interface Cursor {
  /** The number of the next entry, and how many bytes were told of before it. */
  next: number;
  at: number;
  /** Up to which byte it was given the output, and up to which it says it has taken it. */
  given: number;
  taken: number;
  /** Whether it says what it has taken, and is given no more than a window ahead of that. */
  readonly every: boolean;
  /** Whether the program waits for it. */
  readonly held: boolean;
}

/**
 * The last megabyte of a session's output. A viewer is a place in it and nothing more: one that falls behind is told
 * what it missed, and neither slows the program nor costs memory. Only one that misses nothing is waited for.
 */
export class KeptOutput {
  #entries: Entry[] = [];
  /** The number of the first entry kept. */
  #first = 0;
  #kept = 0;
  #total = 0;
  #over = false;
  #unbound = false;
  readonly #cursors = new Set<Cursor>();
  #waiting = new Set<() => void>();

  /** Resolves when more may be added. */
  async add(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += message) {
      const part = bytes.subarray(from, from + message);
      this.#push({ at: this.#total, what: { stream, bytes: part } }, part.length);
      this.#total += part.length;
      while (this.#mustWait()) await this.moved();
    }
  }

  resized(size: TerminalSize): void {
    this.#push({ at: this.#total, what: { size } }, 0);
  }

  /** Nothing more comes. */
  end(): void {
    this.#over = true;
    this.#wake();
  }

  /** Waits for no viewer any more: the session is to end. */
  unbind(): void {
    this.#unbound = true;
    this.#wake();
  }

  /** A viewer that says what it takes; on pipes the program waits for it (`held`), on a terminal never. */
  enter(every: boolean, held = every): Cursor {
    const at = this.#entries[0]?.at ?? this.#total;
    const cursor: Cursor = { every, held, next: this.#first, at: 0, given: at, taken: at };
    this.#cursors.add(cursor);
    return cursor;
  }

  leave(cursor: Cursor): void {
    this.#cursors.delete(cursor);
    this.#wake();
  }

  taken(cursor: Cursor, bytes: number): number {
    cursor.taken = Math.min(cursor.given, cursor.taken + bytes);
    this.#wake();
    return cursor.taken;
  }

  /** What comes next for a viewer; undefined: nothing now; null: nothing any more. */
  take(cursor: Cursor): Viewed | undefined | null {
    cursor.next = Math.max(cursor.next, this.#first);
    const at = this.#entries[cursor.next - this.#first]?.at ?? this.#total;
    if (at > cursor.at) {
      const bytes = at - cursor.at;
      cursor.at = at;
      return { kind: 'skipped', bytes };
    }
    const entry = this.#entries[cursor.next - this.#first];
    if (!entry) return this.#over ? null : undefined;
    if ('size' in entry.what) {
      cursor.next++;
      return { kind: 'resized', size: entry.what.size };
    }
    if (cursor.every && cursor.given - cursor.taken >= window) return undefined;
    return this.#message(cursor, entry.what.stream);
  }

  /** Resolves at the next change. */
  moved(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
      if (signal?.aborted) done();
    });
  }

  #message(cursor: Cursor, stream: OutputStream): Viewed {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const what = this.#entries[cursor.next - this.#first]?.what;
      if (!what || 'size' in what || what.stream !== stream) break;
      if (parts.length > 0 && size + what.bytes.length > message) break;
      parts.push(what.bytes);
      size += what.bytes.length;
      cursor.next++;
    }
    cursor.at += size;
    cursor.given += size;
    return { kind: 'output', stream, data: Buffer.concat(parts).toString('base64') };
  }

  #mustWait(): boolean {
    if (this.#unbound) return false;
    const last = this.#first + this.#entries.length;
    return [...this.#cursors].some(
      ({ held, taken, next }) => held && (this.#total - taken > window || last - next > mostEntries),
    );
  }

  #push(entry: Entry, size: number): void {
    this.#entries.push(entry);
    this.#kept += size + overhead;
    if (this.#kept > most + slack) this.#clear();
    this.#wake();
  }

  #clear(): void {
    let gone = 0;
    for (; this.#kept > most; gone++) {
      const { what } = this.#entries[gone]!;
      this.#kept -= ('bytes' in what ? what.bytes.length : 0) + overhead;
    }
    this.#entries = this.#entries.slice(gone);
    this.#first += gone;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const call of waiting) call();
  }
}
