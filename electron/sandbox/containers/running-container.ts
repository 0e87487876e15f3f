import { setTimeout as later } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import type { SandboxLayer } from '../../../shared/session.ts';
import type { SandboxFiles } from '../files.ts';
import { proxyAddress } from '../inside/environment.ts';
import type { Command, RunningCommand, RunningTerminal, Sandbox, SandboxEnd } from '../sandbox.ts';
import { CommandsAtWork } from '../commands/commands-at-work.ts';
import { pipedTerminal } from '../commands/piped-terminal.ts';
import { endOvertime } from '../totals/session-time.ts';
import { explained } from './memory-kills.ts';
import type { Watching } from './watching.ts';
import { placeOf } from '../grants/inside-place.ts';
import { insidePlaces } from './inside-places.ts';
import { layersOf } from './layers.ts';
import { removeContainer } from './remove-container.ts';
import type { StartedContainer } from './start.ts';

/** So long a container that nothing runs in takes at most to end by itself, in milliseconds. */
const longestEnd = 500;

/** A container that commands run in. */
export class RunningContainer implements Sandbox {
  readonly kind = 'container';
  readonly layers: readonly SandboxLayer[];
  readonly proxy: string | null;
  readonly files: SandboxFiles;
  readonly ended: Promise<SandboxEnd>;
  readonly #started: StartedContainer;
  readonly #watching: Watching;
  readonly #commands: CommandsAtWork;
  readonly #end: (end: SandboxEnd) => void;
  /** What may end it before its time; each is stopped by calling it. */
  readonly #watches: (() => void)[] = [];
  /** Whether somebody here ended it. */
  #decided = false;
  #tornDown: Promise<void> | undefined;

  constructor(started: StartedContainer, clock: Clock, watching: Watching) {
    this.#watching = watching;
    this.#started = started;
    this.layers = layersOf(started.made, started.ready);
    this.proxy = started.made.plan.egress ? proxyAddress : null;
    this.files = started.helper.files;
    const { promise, resolve } = Promise.withResolvers<SandboxEnd>();
    this.ended = promise;
    this.#end = (end) => {
      this.#decided = true;
      resolve(end);
    };
    this.#commands = new CommandsAtWork({ clock, landlock: started.ready.landlock, gone: promise });
    void started.over.then(async (why) => {
      this.#commands.close();
      this.#stopWatching();
      // Asking why of an engine that is just removing it would only hold that up.
      if (!this.#decided) resolve({ how: 'ended', reason: await this.#reason(why) });
    });
    const breakOff = (reason: string) => this.#breakOff(reason);
    this.#watches.push(endOvertime(clock, started.made.plan.limits.seconds, breakOff));
    const { disk } = watching;
    if (disk) this.#watches.push(disk(breakOff));
  }

  async exec(command: Command): Promise<RunningCommand> {
    this.#commands.refuse(command);
    return this.#begun(() => this.#started.helper.exec(this.#placed(command)));
  }

  async terminal(command: Command): Promise<RunningTerminal> {
    const terminal = this.#commands.takeTerminal(this.#started.made.terminal, command);
    if (typeof terminal === 'string') return pipedTerminal(await this.exec(command), terminal);
    const begin = () => this.#started.helper.execOnTerminal(this.#placed(command));
    return terminal.end.running(await this.#begun(begin));
  }

  async stop(graceMs: number): Promise<void> {
    await this.#commands.end(graceMs);
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
    await this.#endedByItself();
    await this.#started.made.remove();
    this.#started.hangUp();
    await this.#started.over;
  }

  /**
   * What has ended is removed sooner than what must be killed. Only where the engine says that it has: one that kills
   * what is just ending gets into its own way, and Podman looks at the end of a container but now and then.
   */
  async #endedByItself(): Promise<void> {
    const { container, engine } = this.#started.made;
    if (engine.name !== 'Docker' || this.#commands.working) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    const gone = container.wait({ condition: 'not-running', abortSignal: signal });
    this.#started.hangUp();
    await Promise.race([gone, later(longestEnd, undefined, { signal })]).catch(() => undefined);
    waiting.abort();
  }

  #placed(command: Command): Command {
    const { folders, home = insidePlaces.home } = this.#started.made.plan;
    return { ...command, cwd: command.cwd ?? (folders[0] ? placeOf(folders[0]) : home) };
  }

  async #begun(begin: () => Promise<RunningCommand>): Promise<RunningCommand> {
    const { kills } = this.#watching;
    if (!kills) return this.#commands.begun(await begin());
    const before = await kills();
    return this.#commands.begun(explained(await begin(), kills, before));
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
