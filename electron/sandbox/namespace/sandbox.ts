import type { SandboxLayer } from '../../../shared/session.ts';
import type { Clock } from '../../base/clock.ts';
import type { Owner } from '../../base/owner.ts';
import type { Egress } from '../egress.ts';
import type { Helper } from '../helper/helper.ts';
import type { Command, RunningCommand, RunningTerminal, Sandbox, SandboxEnd } from '../sandbox.ts';
import { CommandsAtWork } from '../commands/commands-at-work.ts';
import { pipedTerminal } from '../commands/piped-terminal.ts';
import type { ContainedProcess } from './process.ts';
import type { TerminalEnd } from './terminal.ts';

export interface NamespaceParts {
  readonly process: ContainedProcess;
  readonly helper: Helper;
  readonly egress: Egress | null;
  readonly layers: readonly SandboxLayer[];
  readonly proxy: string | null;
  readonly landlock: number;
  /** Where commands begin that say nothing else. */
  readonly folder: string;
  /** The terminal; or why there is none, although the plan asked for one; or null, because it did not. */
  readonly terminal: TerminalEnd | string | null;
  /** How the helper broke its word, if it did. */
  readonly broken: () => string | null;
  readonly clock: Clock;
  /** Everything else that this sandbox used. */
  readonly used: Owner;
}

/** A started sandbox: one bubblewrap, in it one helper, and the commands that it starts. */
export class NamespaceSandbox implements Sandbox {
  readonly kind = 'namespace';
  readonly layers: readonly SandboxLayer[];
  readonly proxy: string | null;
  readonly ended: Promise<SandboxEnd>;
  readonly #parts: NamespaceParts;
  readonly #commands: CommandsAtWork;
  #reason: string | null = null;
  #stopping = false;

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
    this.layers = parts.layers;
    this.proxy = parts.proxy;
    this.ended = parts.process.gone.then(({ code, signal }) => {
      this.#commands.close();
      const reason = this.#reason ?? parts.broken() ?? `its helper ended (${signal ?? `code ${code}`})`;
      parts.helper.gone(reason);
      parts.egress?.cut();
      // Whoever takes it down because its streams have ended does not know yet that a total was passed.
      const isStopped = this.#stopping && this.#reason === null;
      return isStopped ? { how: 'stopped' } : { how: 'ended', reason };
    });
    const { clock, landlock } = parts;
    this.#commands = new CommandsAtWork({ clock, landlock, gone: this.ended });
  }

  get files() {
    return this.#parts.helper.files;
  }

  async exec(command: Command): Promise<RunningCommand> {
    this.#commands.refuse(command);
    return this.#commands.begun(await this.#parts.helper.exec(this.#placed(command)));
  }

  async terminal(command: Command): Promise<RunningTerminal> {
    const terminal = this.#commands.takeTerminal(this.#parts.terminal, command);
    if (typeof terminal === 'string') return pipedTerminal(await this.exec(command), terminal);
    const begun = await this.#parts.helper.execOnTerminal(this.#placed(command));
    return terminal.running(this.#commands.begun(begun));
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#commands.end(graceMs);
    await this.#kill();
  }

  async teardown(): Promise<void> {
    this.#stopping = true;
    this.#commands.close();
    await this.#kill();
    await this.#parts.used.close();
  }

  /** Ends it at once, and says why. */
  end(reason: string): void {
    this.#reason ??= reason;
    this.#parts.process.kill();
  }

  async #kill(): Promise<void> {
    this.#parts.process.kill();
    await this.ended;
  }

  #placed(command: Command): Command {
    return { ...command, cwd: command.cwd ?? this.#parts.folder };
  }
}
