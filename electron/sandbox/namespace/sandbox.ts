import { Problem } from '../../../shared/problem.ts';
import type { SandboxLayer } from '../../../shared/session.ts';
import type { Clock } from '../../base/clock.ts';
import type { Owner } from '../../base/owner.ts';
import type { Egress } from '../egress.ts';
import type { Helper } from '../helper/helper.ts';
import type { Command, RunningCommand, RunningTerminal, Sandbox, SandboxEnd } from '../sandbox.ts';
import { pipedTerminal } from './piped-terminal.ts';
import type { ContainedProcess } from './process.ts';
import type { TerminalEnd } from './terminal.ts';

/** The version that can keep a file from being cut short. */
const narrowingLandlock = 3;

/** So long the helper may take to tell how what was cancelled ended. */
const cancelMs = 2000;

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
  readonly #commands = new Set<RunningCommand>();
  #terminalTaken = false;
  #reason: string | null = null;
  #stopping = false;
  #over = false;

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
    this.layers = parts.layers;
    this.proxy = parts.proxy;
    this.ended = parts.process.gone.then(({ code, signal }) => {
      this.#over = true;
      const reason = this.#reason ?? parts.broken() ?? `its helper ended (${signal ?? `code ${code}`})`;
      parts.helper.gone(reason);
      parts.egress?.cut();
      return this.#stopping ? { how: 'stopped' } : { how: 'ended', reason };
    });
  }

  get files() {
    return this.#parts.helper.files;
  }

  async exec(command: Command): Promise<RunningCommand> {
    this.#refuse(command);
    return this.#watch(await this.#parts.helper.exec(this.#placed(command)));
  }

  async terminal(command: Command): Promise<RunningTerminal> {
    const { terminal, helper } = this.#parts;
    if (terminal === null || this.#terminalTaken) {
      const why =
        terminal === null ? 'The sandbox was made without a terminal.' : 'Its terminal is in use already.';
      throw new Problem('conflict', why, 'Start another session for another terminal.');
    }
    this.#refuse(command);
    this.#terminalTaken = true;
    if (typeof terminal === 'string') return pipedTerminal(await this.exec(command), terminal);
    return terminal.running(this.#watch(await helper.execOnTerminal(this.#placed(command))));
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const all = Promise.allSettled([...this.#commands].map(({ ended }) => ended));
    for (const command of this.#commands) command.signal('SIGTERM');
    if (this.#terminalTaken) for (const command of this.#commands) command.signal('SIGHUP');
    await this.#atMost(graceMs, all);
    for (const command of this.#commands) command.cancel();
    await this.#atMost(cancelMs, all);
    await this.#kill();
  }

  async teardown(): Promise<void> {
    this.#stopping = true;
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

  #refuse(command: Command): void {
    if (this.#over || this.#stopping) {
      throw new Problem('conflict', 'The sandbox has ended.', 'Start another session.');
    }
    if (command.rights !== undefined && this.#parts.landlock < narrowingLandlock) {
      throw new Problem(
        'unavailable',
        'This kernel cannot give one call less than its session may.',
        'Use a kernel with Landlock version 3 (Linux 6.2 or later), or start a session with those rights alone.',
      );
    }
  }

  #placed(command: Command): Command {
    return { ...command, cwd: command.cwd ?? this.#parts.folder };
  }

  #watch(command: RunningCommand): RunningCommand {
    this.#commands.add(command);
    const forget = () => this.#commands.delete(command);
    void command.ended.then(forget, forget);
    return command;
  }

  async #atMost(milliseconds: number, what: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const forget = this.#parts.clock.after(milliseconds, resolve);
    await Promise.race([what, promise, this.ended]);
    forget();
  }
}
