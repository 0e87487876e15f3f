import { type IPty, spawn } from 'node-pty';
import { onTestFinished } from 'vitest';
import { steadyThreads } from '../../base/steady-threads.ts';
import { commandLine, environment, until } from './launch.ts';

/** A person at a terminal who runs one command. */
export class AtTerminal {
  readonly #pty: IPty;
  readonly ended: Promise<number>;
  #over = false;
  shown = '';

  constructor(folder: string, args: readonly string[]) {
    const words = [...steadyThreads, commandLine, ...args, '--data', folder];
    this.#pty = spawn(process.execPath, words, { cols: 200, rows: 40, env: environment(folder) });
    this.#pty.onData((data) => (this.shown += data));
    this.ended = new Promise((resolve) =>
      this.#pty.onExit(({ exitCode }) => {
        this.#over = true;
        resolve(exitCode);
      }),
    );
    onTestFinished(async () => {
      if (!this.#over) this.#pty.kill('SIGKILL');
      await this.ended;
    });
  }

  async sees(words: string): Promise<void> {
    await until(() => this.#over || this.shown.includes(words));
    if (!this.shown.includes(words)) throw new Error(`it ended without “${words}”: ${this.shown}`);
  }

  types(text: string): void {
    this.#pty.write(text);
  }
}
