import type { Usage } from '../../../shared/conversation.ts';
import { type Heard, type PassedWire, passedWires } from './passed-wires.ts';

/** An answer of more is passed on, and no more read. */
const mostKept = 16_000_000;

/** Reads an answer while it passes by, without changing or holding up a byte of it. */
export class Listening {
  readonly #wire: PassedWire;
  readonly streams: boolean;
  readonly #decoder = new TextDecoder();
  readonly #kept: Buffer[] = [];
  #bytes = 0;
  /** Of a line that has not ended yet. */
  #line: string[] = [];
  #usage: Partial<Usage> = {};
  #isOver = false;
  #text = 0;

  constructor(wire: PassedWire, streams: boolean) {
    this.#wire = wire;
    this.streams = streams;
  }

  take(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > mostKept) return;
    this.#kept.push(Buffer.from(chunk));
    if (this.streams) this.#lines(this.#decoder.decode(chunk, { stream: true }));
  }

  /** Everything has passed. */
  end(): void {
    if (!this.streams && this.#bytes <= mostKept) this.#hear(Buffer.concat(this.#kept).toString());
  }

  /** As far as its provider told; null: it told nothing. */
  get usage(): Usage | null {
    const { input, output, cacheRead = 0, cacheWrite = 0 } = this.#usage;
    return input === undefined && output === undefined
      ? null
      : { input: input ?? 0, output: output ?? 0, cacheRead, cacheWrite };
  }

  /** It was told why it ended: what it took by then is told, too. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Bytes of what was said. */
  get heard(): number {
    return this.#text;
  }

  /** For the record; null where it was too long to be kept. */
  get whole(): Buffer | null {
    return this.#bytes > mostKept ? null : Buffer.concat(this.#kept);
  }

  #lines(text: string): void {
    const end = text.lastIndexOf('\n');
    this.#line.push(end < 0 ? text : text.slice(0, end));
    if (end < 0) return;
    const lines = this.#line.join('').split('\n');
    this.#line = [text.slice(end + 1)];
    for (const line of lines) if (line.startsWith('data:')) this.#hear(line.slice(5));
  }

  #hear(json: string): void {
    let said: unknown;
    try {
      said = JSON.parse(json);
    } catch {
      return;
    }
    if (typeof said !== 'object' || said === null) return;
    const { text, usage, isOver }: Heard = passedWires[this.#wire].hear(said as Record<string, unknown>);
    if (text !== undefined) this.#text += Buffer.byteLength(text);
    this.#usage = { ...this.#usage, ...usage };
    if (isOver) this.#isOver = true;
  }
}
