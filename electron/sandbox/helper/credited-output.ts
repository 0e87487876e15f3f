import { Breach } from './breach.ts';
import { protocol } from './protocol.ts';

/** A note of less than this would cost more than it is worth. */
const worthTelling = protocol.STREAM_WINDOW / 4;

export interface Chunk {
  readonly stream: number;
  readonly bytes: Buffer;
}

/**
 * What the helper sent and nobody has taken yet. Each stream may have one window under way, and gets credit only for
 * what was taken: whoever takes nothing makes the program wait, and costs no memory beyond the window.
 */
export class CreditedOutput implements AsyncIterableIterator<Chunk, undefined> {
  readonly #credit: (stream: number, bytes: number) => void;
  /** For each stream that has not ended: sent and not yet credited, and how much of that was taken. */
  readonly #streams: Map<number, { sent: number; taken: number }>;
  #chunks: Chunk[] = [];
  #closed = false;
  #failed: Error | undefined;
  #waiting: (() => void) | undefined;

  constructor(streams: readonly number[], credit: (stream: number, bytes: number) => void) {
    this.#streams = new Map(streams.map((stream) => [stream, { sent: 0, taken: 0 }]));
    this.#credit = credit;
  }

  get over(): boolean {
    return this.#streams.size === 0;
  }

  push(chunk: Chunk): void {
    const stream = this.#streams.get(chunk.stream);
    if (stream === undefined) throw new Breach('output after its end');
    // It would take room here and none of the window.
    if (chunk.bytes.length === 0) throw new Breach('output without bytes');
    stream.sent += chunk.bytes.length;
    if (stream.sent > protocol.STREAM_WINDOW) throw new Breach('more output than was asked for');
    // Nobody will take it any more.
    if (this.#closed) this.#taken(chunk);
    else this.#chunks.push(chunk);
    this.#wake();
  }

  end(stream: number): void {
    if (!this.#streams.delete(stream)) throw new Breach('a stream ended twice');
    this.#wake();
  }

  /** The sandbox went away: what has arrived can still be taken, then the reader hears of it. */
  fail(reason: Error): void {
    this.#streams.clear();
    this.#failed = reason;
    this.#wake();
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }

  #taken({ stream: number, bytes }: Chunk): void {
    const stream = this.#streams.get(number);
    if (stream === undefined) return;
    stream.taken += bytes.length;
    if (stream.taken < worthTelling) return;
    this.#credit(number, stream.taken);
    stream.sent -= stream.taken;
    stream.taken = 0;
  }

  async next(): Promise<IteratorResult<Chunk, undefined>> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#taken(chunk);
        return { done: false, value: chunk };
      }
      if (this.#failed !== undefined && !this.#closed) {
        this.#closed = true;
        throw this.#failed;
      }
      if (this.#closed || this.over) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  /** A reader that leaves early: the program goes on, and what it says is thrown away. */
  async return(): Promise<IteratorResult<Chunk, undefined>> {
    this.#closed = true;
    for (const chunk of this.#chunks.splice(0)) this.#taken(chunk);
    this.#wake();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
