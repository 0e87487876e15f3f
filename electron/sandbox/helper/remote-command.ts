import os from 'node:os';
import type { Problem } from '../../../shared/problem.ts';
import type { CommandEnd, RunningCommand } from '../sandbox.ts';
import { Breach } from './breach.ts';
import type { Channel, Listener } from './channel.ts';
import { CreditedOutput } from './credited-output.ts';
import type { Frame } from './frames.ts';
import { PayloadReader } from './payload-reader.ts';
import { protocol } from './protocol.ts';
import { errorName, errorWords, refusal } from './refusals.ts';

const mostInOneFrame = 65_536;

/** A command in the sandbox, as this side sees it. */
export class RemoteCommand implements RunningCommand, Listener {
  readonly started: Promise<void>;
  readonly ended: Promise<CommandEnd>;
  readonly output: RunningCommand['output'];
  readonly #channel: Channel;
  readonly #program: string;
  readonly #id: number;
  readonly #chunks: CreditedOutput;
  #begun = Promise.withResolvers<void>();
  #over = Promise.withResolvers<CommandEnd>();
  #hasBegun = false;
  #hasEnded = false;
  #window: number = protocol.STREAM_WINDOW;
  #room: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped: 'timed_out' | 'cancelled' | undefined;

  constructor(channel: Channel, program: string, terminal: boolean) {
    this.#channel = channel;
    this.#program = program;
    this.started = this.#begun.promise;
    this.ended = this.#over.promise;
    this.#chunks = new CreditedOutput(
      terminal ? [] : [protocol.STREAM_OUT, protocol.STREAM_ERR],
      (stream, bytes) =>
        channel.send({ type: protocol.FRAME_CREDIT, flags: stream, id: this.#id }, (to) => to.u32(bytes)),
    );
    this.output = named(this.#chunks);
    this.#id = channel.open(this);
  }

  get id(): number {
    return this.#id;
  }

  take({ type, flags, payload }: Frame): void {
    if (type === protocol.FRAME_ERROR && !this.#hasBegun) return this.#refused(payload);
    if (type === protocol.FRAME_STARTED && !this.#hasBegun) {
      this.#hasBegun = true;
      this.#begun.resolve();
      return;
    }
    if (!this.#hasBegun) throw new Breach('a command that has not begun speaks');
    if (type === protocol.FRAME_OUTPUT) this.#chunks.push({ stream: flags, bytes: payload });
    else if (type === protocol.FRAME_OUTPUT_END) this.#chunks.end(flags);
    else if (type === protocol.FRAME_TAKEN) this.#taken(payload);
    else if (type === protocol.FRAME_ENDED && !this.#hasEnded) this.#end(endOf(payload, this.#stopped));
    else throw new Breach('a command’s frame out of its place');
    if (this.#hasEnded && this.#chunks.over) this.#channel.close(this.#id);
  }

  #refused(payload: Buffer): void {
    const answer = new PayloadReader(payload);
    const [errno, reason] = [answer.u32(), answer.u32()];
    answer.end();
    this.#channel.close(this.#id);
    this.#begun.reject(refusal(`Starting “${this.#program}”`, errno, reason));
  }

  #taken(payload: Buffer): void {
    const answer = new PayloadReader(payload);
    this.#window += answer.u32();
    answer.end();
    if (this.#window > protocol.STREAM_WINDOW) throw new Breach('it took more than it was given');
    this.#giveRoom();
  }

  #giveRoom(): void {
    this.#room?.();
    this.#room = undefined;
  }

  #end(end: CommandEnd): void {
    this.#hasEnded = true;
    this.#giveRoom();
    this.#over.resolve(end);
  }

  lost(reason: Problem): void {
    if (!this.#hasBegun) this.#begun.reject(reason);
    this.#hasBegun = true;
    this.#chunks.fail(reason);
    if (!this.#hasEnded) this.#end({ how: 'lost', reason: reason.message });
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow(bytes));
    return this.#writing;
  }

  async #writeNow(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      while (this.#window === 0 && !this.#hasEnded)
        await new Promise<void>((resolve) => (this.#room = resolve));
      // What has ended takes no input; as with a closed pipe the rest is dropped.
      if (this.#hasEnded) return;
      const part = bytes.subarray(at, at + Math.min(this.#window, mostInOneFrame));
      this.#window -= part.length;
      at += part.length;
      this.#channel.sendBytes({ type: protocol.FRAME_STDIN, flags: 0, id: this.#id }, part);
    }
  }

  endInput(): void {
    this.#writing = this.#writing.then(() => this.#tell(protocol.FRAME_STDIN_END));
  }

  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGHUP'): void {
    const number = os.constants.signals[signal];
    if (!this.#hasEnded)
      this.#channel.send({ type: protocol.FRAME_SIGNAL, flags: 0, id: this.#id }, (to) => to.u32(number));
  }

  cancel(): void {
    this.stop('cancelled');
  }

  stop(why: 'timed_out' | 'cancelled'): void {
    this.#stopped ??= why;
    this.#tell(protocol.FRAME_CANCEL);
  }

  #tell(type: number): void {
    if (!this.#hasEnded) this.#channel.send({ type, flags: 0, id: this.#id });
  }
}

async function* named(
  chunks: CreditedOutput,
): AsyncGenerator<{ readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }, void> {
  for await (const { stream, bytes } of chunks)
    yield { stream: stream === protocol.STREAM_OUT ? 'stdout' : 'stderr', bytes };
}

function endOf(payload: Buffer, stopped: 'timed_out' | 'cancelled' | undefined): CommandEnd {
  const answer = new PayloadReader(payload);
  const [how, value, step, cancelled] = [answer.u32(), answer.u32(), answer.u32(), answer.u32()];
  answer.end();
  if (cancelled === 1 && stopped !== undefined) return { how: stopped };
  switch (how) {
    case protocol.END_EXITED:
      if (value > 255) throw new Breach('an exit code that cannot be');
      return { how: 'exited', code: value };
    case protocol.END_SIGNALLED:
      if (value < 1 || value > 64) throw new Breach('a signal that cannot be');
      return { how: 'signalled', signal: value };
    case protocol.END_NOT_STARTED:
      return notStarted(step, value);
    case protocol.END_LOST:
      return { how: 'lost', reason: 'the process that watched over it was killed' };
    default:
      throw new Breach('an ending that cannot be');
  }
}

function notStarted(step: number, errno: number): CommandEnd {
  const missing = ['ENOENT', 'ENOTDIR'].includes(errorName(errno));
  const words = errorWords(errno);
  switch (step) {
    case protocol.STEP_PROGRAM:
      return {
        how: 'not_started',
        code: missing ? 127 : 126,
        reason: missing ? 'There is no such program.' : `It cannot be run: ${words}.`,
      };
    case protocol.STEP_INTERPRETER:
      return { how: 'not_started', code: 126, reason: 'The program that is to run it is not there.' };
    case protocol.STEP_FOLDER:
      return {
        how: 'not_started',
        code: 126,
        reason: `The folder to start it in cannot be entered: ${words}.`,
      };
    case protocol.STEP_RIGHTS:
      return { how: 'not_started', code: 126, reason: `Its own rights cannot be put on: ${words}.` };
    case protocol.STEP_LIMITS:
      return { how: 'not_started', code: 126, reason: `Its limits cannot be put on: ${words}.` };
    case protocol.STEP_TERMINAL:
      return { how: 'not_started', code: 126, reason: `The terminal cannot be made its own: ${words}.` };
    case protocol.STEP_PROCESS:
      return { how: 'not_started', code: 126, reason: `No process could be made for it: ${words}.` };
    default:
      throw new Breach('a step that cannot be');
  }
}
