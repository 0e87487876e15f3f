import type { CommandEnd } from '../../sandbox/sandbox.ts';

type Chunk = { stream: 'stdout' | 'stderr'; bytes: Uint8Array };

/** A command whose doings the test decides. */
export class ScriptedCommand {
  readonly #chunks: Chunk[] = [];
  #wake: () => void = () => undefined;
  #over = false;
  readonly #ended = Promise.withResolvers<CommandEnd>();
  readonly typed: Buffer[] = [];
  inputEnded = false;
  /** How many bytes were taken from it. */
  read = 0;
  readonly ended = this.#ended.promise;

  say(text: string | Uint8Array, stream: Chunk['stream'] = 'stdout'): void {
    this.#chunks.push({ stream, bytes: Buffer.from(text) });
    this.#wake();
  }

  end(end: CommandEnd): void {
    this.#over = true;
    this.#ended.resolve(end);
    this.#wake();
  }

  readonly output = this.#output();

  async *#output(): AsyncGenerator<Chunk, void> {
    for (;;) {
      const next = this.#chunks.shift();
      if (next) {
        yield next;
        this.read += next.bytes.length;
      } else if (this.#over) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    this.typed.push(Buffer.from(bytes));
    return Promise.resolve();
  }

  endInput(): void {
    this.inputEnded = true;
  }

  signal(): void {
    this.end({ how: 'signalled', signal: 15 });
  }

  cancel(): void {
    this.end({ how: 'cancelled' });
  }
}
