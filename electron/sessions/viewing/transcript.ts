import { type FileHandle, open, readFile } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { TerminalSize } from '../../sandbox/sandbox.ts';
import type { OutputStream } from './kept-output.ts';
import { SecretFilter } from './secret-filter.ts';

/** What one blob of the record takes, less room for the words that say it was cut. */
const longestTranscript = (16 << 20) - 4096;
/** What waits in memory to be written. */
const waitingMost = 256 * 1024;
const usualSize: TerminalSize = { columns: 80, rows: 24 };

export interface TranscriptParts {
  readonly path: string;
  readonly size: TerminalSize | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Values that are never written. */
  readonly secrets: readonly string[];
  readonly most?: number;
}

interface Recorded {
  readonly filter: SecretFilter;
  readonly letters: StringDecoder;
}

/**
 * A session's output as an asciicast (version 2), written as it happens. What is typed is not kept: it would hold
 * passwords. Memory stays bounded, and so does the file: past its most it says that it was cut.
 */
export class Transcript {
  readonly #parts: TranscriptParts;
  readonly #file: FileHandle | null;
  readonly #begun: number;
  readonly #streams = new Map<OutputStream, Recorded>();
  #waiting: string[] = [];
  #waitingSize = 0;
  #size = 0;
  #cut = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(parts: TranscriptParts, file: FileHandle | null) {
    this.#parts = parts;
    this.#file = file;
    this.#begun = parts.clock.now().getTime();
    const { columns: width, rows: height } = parts.size ?? usualSize;
    this.#line({ version: 2, width, height, timestamp: Math.floor(this.#begun / 1000) });
  }

  /** Where the disk refuses it, the session goes on without one. */
  static async begin(parts: TranscriptParts): Promise<Transcript> {
    try {
      return new Transcript(parts, await open(parts.path, 'wx', 0o600));
    } catch (failure) {
      parts.log.warn({ err: failure }, 'a transcript cannot be written');
      return new Transcript(parts, null);
    }
  }

  /** Resolves when more may be added. */
  async add(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    if (this.#cut) return;
    const { filter, letters } = this.#stream(stream);
    this.#output(letters.write(filter.pass(bytes)));
    if (this.#waitingSize >= waitingMost) await this.#flush();
  }

  resized({ columns, rows }: TerminalSize): void {
    this.#event('r', `${columns}x${rows}`);
  }

  /** How large it became, and whether something is missing; null where there is none. */
  async end(): Promise<{ bytes: number; cut: boolean } | null> {
    for (const { filter, letters } of this.#streams.values()) this.#output(letters.end(filter.end()));
    await this.#flush();
    await this.#file?.close().catch(() => (this.#cut = true));
    return this.#file ? { bytes: this.#size, cut: this.#cut } : null;
  }

  #stream(stream: OutputStream): Recorded {
    const known = this.#streams.get(stream);
    if (known) return known;
    const made = { filter: new SecretFilter(this.#parts.secrets), letters: new StringDecoder('utf8') };
    this.#streams.set(stream, made);
    return made;
  }

  #output(text: string): void {
    if (text !== '') this.#event('o', text);
  }

  #event(code: 'o' | 'r', text: string): void {
    this.#line([this.#seconds(), code, text]);
  }

  #seconds(): number {
    return (this.#parts.clock.now().getTime() - this.#begun) / 1000;
  }

  #line(value: unknown): void {
    if (this.#cut || !this.#file) return;
    const line = `${JSON.stringify(value)}\n`;
    const size = Buffer.byteLength(line);
    if (this.#size + size > (this.#parts.most ?? longestTranscript)) {
      this.#cut = true;
      this.#keep(`${JSON.stringify([this.#seconds(), 'm', 'cut: it grew too long'])}\n`);
      return;
    }
    this.#keep(line, size);
  }

  #keep(line: string, size = Buffer.byteLength(line)): void {
    this.#waiting.push(line);
    this.#waitingSize += size;
    this.#size += size;
  }

  #flush(): Promise<void> {
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#writing = this.#writing.then(async () => {
      if (text === '') return;
      try {
        await this.#file?.appendFile(text);
      } catch (failure) {
        if (!this.#cut) this.#parts.log.warn({ err: failure }, 'a transcript is cut short');
        this.#cut = true;
      }
    });
    return this.#writing;
  }
}

/** What is there of a transcript, whole lines only: whoever wrote it may have been killed. */
export async function readTranscript(path: string): Promise<Buffer | null> {
  const bytes = await readFile(path).catch(() => null);
  if (!bytes) return null;
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1).subarray(0, longestTranscript + 4096);
  return whole.length > 0 ? whole : null;
}
