import type { Viewed } from '../../../shared/contract/sessions.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Outcome, SessionWish } from '../../../shared/session.ts';
import { afterLong, type Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { EndedToken } from '../../capabilities/endings.ts';
import type { CommandEnd, TerminalSize } from '../../sandbox/sandbox.ts';
import type { Ending } from '../outcome.ts';
import { KeptOutput, type OutputStream } from '../viewing/kept-output.ts';
import type { Transcript } from '../viewing/transcript.ts';
import { Viewers } from '../viewing/viewers.ts';
import type { Launched } from './launch.ts';
import type { SessionGate } from './session-gate.ts';

export interface LiveParts {
  readonly id: Id<'session'>;
  readonly wish: SessionWish;
  readonly clock: Clock;
  readonly log: Log;
  readonly transcript: Transcript;
  readonly gate: SessionGate | null;
  /** Called when what is shown of it has changed. */
  readonly changed: () => void;
  readonly outcomeOf: (end: CommandEnd, ending: Ending | null) => Outcome;
}

/** How long whoever starts a session with pipes may take to attach. */
const attaching = 30_000;

/** One session at work: its output, its viewers, its input and its end. */
export class LiveSession {
  readonly id: Id<'session'>;
  readonly begun: Date;
  readonly viewers: Viewers;
  readonly #parts: LiveParts;
  readonly #output = new KeptOutput();
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly #launching = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  #launched: Launched | undefined;
  #ending: Ending | null = null;
  #progress: string | null = null;
  #size: TerminalSize | null;
  #typing: Promise<void> = Promise.resolve();
  #forgetTimers: (() => void)[] = [];
  /** Told: nothing counts any more, the session is being put away. */
  #over = false;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.begun = parts.clock.now();
    this.#size = parts.wish.terminal;
    this.viewers = new Viewers(this.#output, parts.changed);
  }

  /** Resolves when its command is at work, or never will be. */
  get settled(): Promise<void> {
    return this.#launching.promise;
  }

  /** What it waits for while it is being prepared; null: nothing that takes its time. */
  get progress(): string | null {
    return this.#launched ? null : this.#progress;
  }

  tell(words: string): void {
    this.#progress = words;
    this.#parts.changed();
  }

  /** Aborted when it is to end before it has begun. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What was done to it from outside; null: nothing. */
  get ending(): Ending | null {
    return this.#ending;
  }

  get stopping(): boolean {
    return this.#ending !== null && !this.#over;
  }

  get why(): string | null {
    const { running } = this.#launched ?? {};
    return running && 'terminal' in running ? running.terminal.why : null;
  }

  /** Follows the command to its end, and says how it ended. The sandbox is still there then. */
  async run(launched: Launched): Promise<Outcome> {
    this.#launched = launched;
    this.#launching.resolve();
    this.#watchTime();
    const { running, sandbox } = launched;
    void sandbox.ended.then((end) => {
      if (end.how === 'ended') this.#endWith({ why: 'broken', reason: end.reason });
    });
    if (this.#ending) void this.#putOut(0);
    const { attended } = this.#parts.wish;
    let ended: CommandEnd;
    if ('terminal' in running) {
      [ended] = await Promise.all([running.terminal.ended, this.#take('terminal', running.terminal.output)]);
    } else {
      if (attended) this.#forgetTimers.push(this.#parts.clock.after(attaching, this.viewers.promise()));
      else running.pipes.endInput();
      const output = async () => {
        for await (const { stream, bytes } of running.pipes.output) await this.#add(stream, bytes);
      };
      [ended] = await Promise.all([running.pipes.ended, output()]);
    }
    for (const forget of this.#forgetTimers) forget();
    this.#over = true;
    return this.#parts.outcomeOf(ended, this.#ending);
  }

  /** It is over, and everything of it is put away. */
  ended(outcome: Outcome): void {
    this.#over = true;
    this.#launching.resolve();
    this.#output.end();
    this.#outcome.resolve(outcome);
  }

  view(how: { input: boolean; every: boolean }, signal: AbortSignal): AsyncGenerator<Viewed, void> {
    const { running } = this.#launched ?? {};
    const terminal = running !== undefined && 'terminal' in running && running.terminal.isTerminal;
    const viewable = { terminal, why: this.why, size: this.#size };
    return this.viewers.view({ ...how, ...viewable }, this.#outcome.promise, signal);
  }

  /** Resolves when the sandbox has taken it; what several viewers type stays in the order in which it came. */
  async input(viewer: string, bytes: Uint8Array, end: boolean): Promise<number> {
    this.viewers.refuseWithoutInput(viewer);
    const running = this.#atWork();
    const command = 'terminal' in running ? running.terminal : running.pipes;
    const typing = this.#typing.then(async () => {
      if (bytes.length > 0) await command.write(bytes);
      if (end && 'pipes' in running) running.pipes.endInput();
    });
    this.#typing = typing.catch(() => undefined);
    await typing;
    return bytes.length;
  }

  resize(viewer: string, size: TerminalSize): void {
    this.viewers.refuseWithoutInput(viewer);
    const running = this.#atWork();
    if (!('terminal' in running)) throw new Problem('conflict', 'It runs without a terminal.');
    this.#size = size;
    running.terminal.resize(size);
    this.#parts.transcript.resized(size);
    this.#output.resized(size);
  }

  /** Asks it to end, and kills what is left after the grace. Resolves when it is over. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.#endWith({ why: 'stopped', reason });
    await this.#launching.promise;
    await this.#putOut(graceMs);
    await this.#outcome.promise;
  }

  /** A right that ended ends what it allowed: connections, or the session, whose grants are fixed. */
  rightEnded({ capability, ended }: EndedToken): void {
    if (this.#over) return;
    if (capability.kind === 'network') return this.#parts.gate?.end();
    this.#endWith({ why: 'broken', reason: `its right to ${capability.kind} was ${ended ?? 'ended'}` });
    void this.#putOut(0);
  }

  #atWork(): Launched['running'] {
    if (this.#launched && !this.#over) return this.#launched.running;
    throw new Problem('conflict', 'The session is not running.');
  }

  #endWith(ending: Ending): void {
    if (this.#over || this.#ending) return;
    this.#ending = ending;
    this.#output.unbind();
    this.#abort.abort();
    this.#parts.changed();
  }

  async #putOut(graceMs: number): Promise<void> {
    if (this.#over || !this.#launched) return;
    try {
      await this.#launched.sandbox.stop(graceMs);
    } catch (failure) {
      this.#parts.log.error({ err: failure, session: this.id }, 'a sandbox could not be stopped');
    }
  }

  #watchTime(): void {
    const { seconds } = this.#parts.wish.limits;
    if (seconds === null) return;
    const late = () => {
      this.#endWith({ why: 'timed_out', reason: `its ${seconds} seconds were over` });
      void this.#putOut(0);
    };
    this.#forgetTimers.push(afterLong(this.#parts.clock, seconds * 1000, late));
  }

  async #take(stream: OutputStream, output: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const bytes of output) await this.#add(stream, bytes);
  }

  async #add(stream: OutputStream, bytes: Uint8Array): Promise<void> {
    await this.#parts.transcript.add(stream, bytes);
    await this.#output.add(stream, bytes);
  }
}
