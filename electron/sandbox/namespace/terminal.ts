import { readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Clock } from '../../base/clock.ts';
import type { RunningCommand, RunningTerminal, TerminalSize } from '../sandbox.ts';
import type { PseudoTerminal } from './pseudo-terminal.ts';

/** A program that does not read what is typed is asked again after so long. */
const againMs = 20;

/** This side of a terminal, open until the sandbox is gone. */
export class TerminalEnd {
  readonly #pty: PseudoTerminal;
  readonly #clock: Clock;
  readonly #stream: ReadStream;
  #closed = false;
  #wake = () => {};
  #typed: Promise<void> = Promise.resolve();

  constructor(pty: PseudoTerminal, clock: Clock) {
    this.#pty = pty;
    this.#clock = clock;
    this.#stream = new ReadStream(pty.master);
    this.#stream.on('readable', () => this.#wake());
    // When the last program has gone the kernel reports an error, which is the end here.
    for (const end of ['error', 'end', 'close']) this.#stream.on(end, () => this.close());
  }

  close(): void {
    this.#closed = true;
    this.#stream.destroy();
    this.#wake();
  }

  running(command: RunningCommand): RunningTerminal {
    return {
      isTerminal: true,
      why: null,
      output: this.#output(command.ended),
      ended: command.ended,
      write: (bytes) => this.#write(bytes),
      signal: (signal) => command.signal(signal),
      cancel: () => command.cancel(),
      resize: (size) => this.#resize(size),
    };
  }

  get #isOpen(): boolean {
    return !this.#closed && !this.#stream.destroyed;
  }

  #resize(size: TerminalSize): void {
    if (this.#isOpen) this.#pty.resize(size);
  }

  /**
   * In order, and none of it is kept beyond what the kernel keeps: whoever types waits. It never blocks, and is not
   * left to another thread, where the number could have become another file's by the time it is written to.
   */
  #write(bytes: Uint8Array): Promise<void> {
    this.#typed = this.#typed.then(() => this.#writeAll(bytes));
    return this.#typed;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length && this.#isOpen;) {
      try {
        done += writeSync(this.#pty.master, bytes, done);
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        await new Promise<void>((resolve) => void this.#clock.after(againMs, resolve));
      }
    }
  }

  async *#output(ended: Promise<unknown>): AsyncGenerator<Uint8Array> {
    let over = false;
    const end = () => {
      over = true;
      this.#wake();
    };
    void ended.then(end, end);
    for (;;) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const bytes = this.#stream.read() as Buffer | null;
      if (bytes !== null) yield bytes;
      else if (this.#closed) return;
      else if (over) {
        yield* this.#rest();
        return;
      } else await woken;
    }
  }

  /** What the kernel still holds after the last process is gone; it hands all of it out before it says that there is none. */
  *#rest(): Generator<Uint8Array> {
    for (;;) {
      const bytes = Buffer.alloc(65_536);
      try {
        const length = readSync(this.#pty.master, bytes);
        if (length === 0) return;
        yield bytes.subarray(0, length);
      } catch {
        return;
      }
    }
  }
}
