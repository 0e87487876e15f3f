import type { Clock } from '../../base/clock.ts';
import { Problem } from '../../../shared/problem.ts';
import type { SandboxLayer } from '../../../shared/session.ts';
import type { SandboxFiles } from '../files.ts';
import { proxyAddress } from '../inside/environment.ts';
import type { Command, RunningCommand, RunningTerminal, Sandbox, SandboxEnd } from '../sandbox.ts';
import { pipedTerminal } from '../namespace/piped-terminal.ts';
import { explained } from './memory-kills.ts';
import type { Watching } from './watching.ts';
import { insidePlaces } from './inside-places.ts';
import { layersOf } from './layers.ts';
import { removeContainer } from './remove-container.ts';
import type { StartedContainer } from './start.ts';

/** The version that can keep a file from being cut short. */
const narrowingLandlock = 3;

/** So long the helper may take to tell how what was cancelled ended. */
const cancelMs = 2000;

/** A container that commands run in. */
export class RunningContainer implements Sandbox {
  readonly kind = 'container';
  readonly layers: readonly SandboxLayer[];
  readonly proxy: string | null;
  readonly files: SandboxFiles;
  readonly ended: Promise<SandboxEnd>;
  readonly #started: StartedContainer;
  readonly #clock: Clock;
  readonly #watching: Watching;
  readonly #commands = new Set<RunningCommand>();
  readonly #end: (end: SandboxEnd) => void;
  /** What may end it before its time; each is stopped by calling it. */
  readonly #watches: (() => void)[] = [];
  #terminalTaken = false;
  #stopping = false;
  #over = false;
  #tornDown: Promise<void> | undefined;

  constructor(started: StartedContainer, clock: Clock, watching: Watching) {
    this.#watching = watching;
    this.#started = started;
    this.#clock = clock;
    this.layers = layersOf(started.made, started.ready);
    this.proxy = started.made.plan.egress ? proxyAddress : null;
    this.files = started.helper.files;
    const { promise, resolve } = Promise.withResolvers<SandboxEnd>();
    this.ended = promise;
    this.#end = resolve;
    void started.over.then(async (why) => {
      this.#over = true;
      this.#stopWatching();
      resolve({ how: 'ended', reason: await this.#reason(why) });
    });
    const { seconds } = started.made.plan.limits;
    if (seconds !== null) {
      const over = `its time of ${seconds} seconds was over`;
      this.#watches.push(clock.after(seconds * 1000, () => this.#breakOff(over)));
    }
    const { disk } = watching;
    if (disk) this.#watches.push(disk((reason) => this.#breakOff(reason)));
  }

  async exec(command: Command): Promise<RunningCommand> {
    this.#refuse(command);
    return this.#begun(() => this.#started.helper.exec(this.#placed(command)));
  }

  async terminal(command: Command): Promise<RunningTerminal> {
    const { terminal } = this.#started.made;
    if (terminal === null || this.#terminalTaken) {
      const why =
        terminal === null ? 'The sandbox was made without a terminal.' : 'Its terminal is in use already.';
      throw new Problem('conflict', why, 'Start another session for another terminal.');
    }
    this.#refuse(command);
    this.#terminalTaken = true;
    if (typeof terminal === 'string') return pipedTerminal(await this.exec(command), terminal);
    const begin = () => this.#started.helper.execOnTerminal(this.#placed(command));
    return terminal.end.running(await this.#begun(begin));
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const commands = [...this.#commands];
    const all = Promise.allSettled(commands.map(({ ended }) => ended));
    for (const command of commands) command.signal('SIGTERM');
    // An interactive shell takes no notice of a request to end, only of its terminal going away.
    if (this.#terminalTaken) for (const command of commands) command.signal('SIGHUP');
    if (commands.length > 0) await this.#atMost(graceMs, all);
    for (const command of commands) command.cancel();
    if (commands.length > 0) await this.#atMost(cancelMs, all);
    this.#end({ how: 'stopped' });
    await this.#kill();
  }

  teardown(): Promise<void> {
    this.#tornDown ??= this.#tearDown();
    return this.#tornDown;
  }

  async #tearDown(): Promise<void> {
    this.#end({ how: 'stopped' });
    this.#stopWatching();
    this.#started.egress?.cut();
    await this.#started.made.remove();
    this.#started.hangUp();
    await this.#started.over;
  }

  #placed(command: Command): Command {
    return { ...command, cwd: command.cwd ?? this.#started.made.plan.folders[0]?.path ?? insidePlaces.home };
  }

  #refuse(command: Command): void {
    if (this.#over || this.#stopping) {
      throw new Problem('conflict', 'The sandbox has ended.', 'Start another session.');
    }
    if (command.rights !== undefined && this.#started.ready.landlock < narrowingLandlock) {
      throw new Problem(
        'unavailable',
        'This kernel cannot give one call less than its session may.',
        'Use a kernel with Landlock version 3 (Linux 6.2 or later), or start a session with those rights alone.',
      );
    }
  }

  async #atMost(milliseconds: number, what: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const forget = this.#clock.after(milliseconds, resolve);
    await Promise.race([what, promise, this.ended]);
    forget();
  }

  async #begun(begin: () => Promise<RunningCommand>): Promise<RunningCommand> {
    const { kills } = this.#watching;
    if (!kills) return this.#kept(await begin());
    const before = await kills();
    return this.#kept(explained(await begin(), kills, before));
  }

  #kept(command: RunningCommand): RunningCommand {
    this.#commands.add(command);
    const forget = () => this.#commands.delete(command);
    void command.ended.then(forget, forget);
    return command;
  }

  async #kill(): Promise<void> {
    this.#stopWatching();
    this.#started.egress?.cut();
    await removeContainer(this.#started.made.container).catch(() => undefined);
    this.#started.hangUp();
    await this.#started.over;
  }

  #breakOff(reason: string): void {
    this.#end({ how: 'ended', reason });
    void this.#kill();
  }

  #stopWatching(): void {
    for (const stop of this.#watches.splice(0)) stop();
  }

  /** The kernel kills without a word; the engine heard why. */
  async #reason(why: string): Promise<string> {
    const state = await this.#started.made.container.inspect().then(
      ({ State }) => State,
      () => undefined,
    );
    return state?.OOMKilled ? 'it went over its limit of memory' : why;
  }
}
