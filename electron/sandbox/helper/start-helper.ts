import { Problem } from '../../../shared/problem.ts';
import type { Egress } from '../egress.ts';
import type { Command, RunningCommand } from '../sandbox.ts';
import { Breach } from './breach.ts';
import { Channel } from './channel.ts';
import { writeConfinement } from './confinement-bytes.ts';
import { FileTools } from './file-tools.ts';
import { type Frame, FrameReader } from './frames.ts';
import type { Confinement, Helper, HelperReady, HelperStreams, StartHelper } from './helper.ts';
import { protocol } from './protocol.ts';
import { readNotConfined, readReady } from './ready.ts';
import { RemoteCommand } from './remote-command.ts';
import { Tunnel } from './tunnel.ts';

const isTunnel = ({ type }: Frame): boolean =>
  type === protocol.FRAME_TUNNEL_OPEN ||
  (type >= protocol.FRAME_TUNNEL_DATA && type <= protocol.FRAME_TUNNEL_CREDIT);

const variables = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

/** This side of a helper that has just been started: confines it with its first frame and speaks with it. */
class HelperClient implements Helper {
  readonly ready: Promise<HelperReady>;
  readonly files: FileTools;
  readonly #streams: HelperStreams;
  readonly #confinement: Confinement;
  readonly #channel: Channel;
  readonly #tunnel: Tunnel;
  readonly #frames = new FrameReader();
  readonly #confined = Promise.withResolvers<HelperReady>();
  #isReady = false;

  constructor(streams: HelperStreams, confinement: Confinement, egress: Egress | null) {
    this.#streams = streams;
    this.#confinement = confinement;
    this.#channel = new Channel(streams);
    this.#tunnel = new Tunnel(this.#channel, egress);
    this.files = new FileTools(this.#channel, (thrown) => this.#break(thrown));
    this.ready = this.#confined.promise;
    // Whoever waits hears of it; nobody has to.
    this.ready.catch(() => undefined);
    streams.fromHelper.on('data', (bytes: Buffer) => this.#arrived(bytes));
    streams.fromHelper.on('end', () => this.gone('its helper has ended.'));
    streams.fromHelper.on('error', (error: Error) =>
      this.gone(`its helper cannot be heard: ${error.message}.`),
    );
    streams.toHelper.on('error', (error: Error) => this.gone(`its helper cannot be told: ${error.message}.`));
    this.#channel.send(
      { type: protocol.FRAME_CONFIG, flags: 0, id: 0 },
      (to) => writeConfinement(confinement, to),
      8192,
    );
  }

  #arrived(bytes: Buffer): void {
    if (this.#channel.lost !== undefined) return;
    try {
      for (const frame of this.#frames.take(bytes)) {
        if (!this.#isReady) this.#first(frame);
        else if (isTunnel(frame)) this.#tunnel.take(frame);
        else this.#channel.deliver(frame);
        if (this.#channel.lost !== undefined) return;
      }
    } catch (thrown) {
      this.#break(thrown);
    }
  }

  #first({ type, id, payload }: Frame): void {
    if (type === protocol.FRAME_READY && id === 0) {
      const ready = readReady(payload, [...this.#confinement.read, ...this.#confinement.write]);
      if (ready.landlock < this.#confinement.landlock) throw new Breach('it holds less than was asked for');
      this.#isReady = true;
      this.#confined.resolve(ready);
    } else if (type === protocol.FRAME_FAILED && id === 0) {
      const problem = readNotConfined(payload);
      this.#confined.reject(problem);
      this.#end(problem.message);
    } else {
      throw new Breach('it does not begin with its confinement');
    }
  }

  /** Nothing that comes from a sandbox may throw into the process: it ends the sandbox instead. */
  #break(thrown: unknown): Problem {
    this.#end(thrown instanceof Error ? thrown.message : String(thrown));
    return this.#channel.lost ?? Problem.of(thrown);
  }

  #end(why: string): void {
    if (this.#channel.lost !== undefined) return;
    this.gone(why);
    this.#streams.kill(why);
  }

  async exec(command: Command): Promise<RunningCommand> {
    return this.#start(command, false);
  }

  async execOnTerminal(command: Command): Promise<RunningCommand> {
    return this.#start(command, true);
  }

  async #start(command: Command, terminal: boolean): Promise<RunningCommand> {
    const { argv, cwd, environment, rights, timeoutMs } = command;
    const program = argv[0];
    if (program === undefined) throw new Problem('invalid_input', 'No program is named.');
    if ([...argv, cwd ?? ''].some((word) => word.includes('\0')))
      throw new Problem('invalid_input', 'Neither a word of a command nor its folder can hold a NUL.');
    const running = new RemoteCommand(this.#channel, program, terminal);
    const flags =
      (terminal ? protocol.EXEC_TERMINAL : 0) + (rights === undefined ? 0 : protocol.EXEC_NARROWED);
    this.#channel.send(
      { type: protocol.FRAME_EXEC, flags, id: running.id },
      (to) =>
        to
          .list(argv)
          .path(cwd ?? this.#confinement.home)
          .list(variables({ ...this.#confinement.environment, ...environment }))
          .paths(rights?.read ?? [])
          .paths(rights?.write ?? []),
      1024,
    );
    await running.started;
    if (timeoutMs !== undefined) limitTime(running, timeoutMs);
    return running;
  }

  gone(reason: string): void {
    if (this.#channel.lost !== undefined) return;
    this.#channel.lose(reason);
    this.#tunnel.lose();
    this.#confined.reject(this.#channel.lost ?? new Problem('unavailable', reason));
  }
}

function limitTime(running: RemoteCommand, milliseconds: number): void {
  const timer = setTimeout(() => running.stop('timed_out'), milliseconds);
  void running.ended.then(() => clearTimeout(timer));
}

export const startHelper: StartHelper = (streams, confinement, egress) =>
  new HelperClient(streams, confinement, egress);
