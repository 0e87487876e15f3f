import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { isTooDeep } from '../../../shared/depth.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ContainedProgram } from '../contained-program.ts';
import { BoundedLines } from './bounded-lines.ts';
import type { SaidLines } from './said-lines.ts';

/** Beside the answer itself a line has its envelope. */
const envelope = 64 * 1024;

/** Lines of JSON over the pipes of a contained program. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  /** By these two names the kit knows that it speaks over pipes. */
  readonly stderr = null;
  readonly pid = null;
  readonly #program: ContainedProgram;
  readonly #said: SaidLines;
  readonly #lines: BoundedLines;
  readonly #most: number;
  #writing: Promise<void> = Promise.resolve();
  #isStarted = false;
  #isOver = false;
  /** Why it is over, where that is not its own end. */
  #why: Problem | undefined;

  constructor(program: ContainedProgram, said: SaidLines, most: number) {
    this.#program = program;
    this.#said = said;
    this.#most = most;
    this.#lines = new BoundedLines(most + envelope);
  }

  get why(): Problem | undefined {
    return this.#why;
  }

  start(): Promise<void> {
    if (!this.#isStarted) void this.#read();
    this.#isStarted = true;
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isOver) throw this.#why ?? new Problem('unavailable', 'The server has ended.');
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    const written = this.#writing.then(() => this.#program.running.write(bytes));
    this.#writing = written.catch(() => undefined);
    await written;
  }

  async close(): Promise<void> {
    this.#over();
    await this.#program.close(this.#why?.message ?? 'it is not needed any more');
  }

  async #read(): Promise<void> {
    try {
      for await (const { stream, bytes } of this.#program.running.output) {
        if (stream === 'stderr') this.#said.take(bytes);
        else if (!this.#isOver) this.#take(bytes);
      }
    } catch (thrown) {
      this.#why ??= Problem.of(thrown);
    }
    // Whoever hears that it is over is told how it ended.
    await this.#program.running.ended;
    this.#over();
  }

  #take(bytes: Uint8Array): void {
    const lines = this.#lines.take(bytes);
    if (!lines) {
      this.#why = new Problem(
        'too_large',
        `The server sent more than ${this.#most.toLocaleString('en')} bytes in one answer, and was ended.`,
        'Ask it for less, or raise mostBytes of this server.',
      );
      this.#said.say(this.#why.message);
      this.#over();
      void this.#program.close(this.#why.message).catch(() => undefined);
      return;
    }
    for (const line of lines) if (line.trim() !== '') this.#message(line);
  }

  #message(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.#said.say(`(no message: ${line.slice(0, 200)})`);
      return;
    }
    if (typeof message !== 'object' || message === null || isTooDeep(message)) {
      this.#said.say('(a message that is none, or is nested too deeply, was left out)');
      return;
    }
    this.onmessage?.(message as JSONRPCMessage);
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onclose?.();
  }
}
