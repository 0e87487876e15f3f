import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import type { Command, RunningCommand } from '../sandbox.ts';

/** The version that can keep a file from being cut short. */
const narrowingLandlock = 3;

/** So long the helper may take to tell how what was cancelled ended. */
const cancelMs = 2000;

export interface CommandsNeeds {
  readonly clock: Clock;
  /** In force in the sandbox. */
  readonly landlock: number;
  /** Resolves when the sandbox is gone, and nothing more is to be waited for. */
  readonly gone: Promise<unknown>;
}

/** The commands of one sandbox: which may begin, which are at work, and how all of them are ended. */
export class CommandsAtWork {
  readonly #needs: CommandsNeeds;
  readonly #commands = new Set<RunningCommand>();
  #terminalTaken = false;
  #closed = false;

  constructor(needs: CommandsNeeds) {
    this.#needs = needs;
  }

  get working(): boolean {
    return this.#commands.size > 0;
  }

  /** From now on none begins. */
  close(): void {
    this.#closed = true;
  }

  refuse(command: Command): void {
    if (this.#closed) {
      throw new Problem('conflict', 'The sandbox has ended.', 'Start another session.');
    }
    if (command.rights !== undefined && this.#needs.landlock < narrowingLandlock) {
      throw new Problem(
        'unavailable',
        'This kernel cannot give one call less than its session may.',
        'Use a kernel with Landlock version 3 (Linux 6.2 or later), or start a session with those rights alone.',
      );
    }
  }

  /** Gives the sandbox's one terminal to this command. */
  takeTerminal<Terminal>(terminal: Terminal | null, command: Command): Terminal {
    if (terminal === null || this.#terminalTaken) {
      const why =
        terminal === null ? 'The sandbox was made without a terminal.' : 'Its terminal is in use already.';
      throw new Problem('conflict', why, 'Start another session for another terminal.');
    }
    this.refuse(command);
    this.#terminalTaken = true;
    return terminal;
  }

  begun(command: RunningCommand): RunningCommand {
    this.#commands.add(command);
    const forget = () => this.#commands.delete(command);
    void command.ended.then(forget, forget);
    return command;
  }

  /** Asks each to end, and cancels what is left after the grace; resolves when it is told how they ended, or late. */
  async end(graceMs: number): Promise<void> {
    this.close();
    for (const command of this.#commands) command.signal('SIGTERM');
    // An interactive shell takes no notice of a request to end, only of its terminal going away.
    if (this.#terminalTaken) for (const command of this.#commands) command.signal('SIGHUP');
    await this.#allEnded(graceMs);
    for (const command of this.#commands) command.cancel();
    await this.#allEnded(cancelMs);
  }

  async #allEnded(atMostMs: number): Promise<void> {
    if (this.#commands.size === 0) return;
    const all = Promise.allSettled([...this.#commands].map(({ ended }) => ended));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const forget = this.#needs.clock.after(atMostMs, resolve);
    await Promise.race([all, late, this.#needs.gone]);
    forget();
  }
}
