import { Problem } from '../../../shared/problem.ts';
import type { ToolServer, ToolServerRow } from '../../../shared/tool-server.ts';
import { Connection } from './connection.ts';
import { SaidLines } from './said-lines.ts';
import type { ServerNeeds } from './server-needs.ts';
import { placeOfServer } from './server-values.ts';
import type { FoundTool } from './told-tool.ts';

export interface LiveServerNeeds extends ServerNeeds {
  /** Something of it is to be seen otherwise. */
  readonly changed: () => void;
  /** Its tools as they are now. */
  readonly found: (tools: readonly FoundTool[]) => Promise<void>;
}

type State = ToolServerRow['state'];

const firstPause = 1000;
const longestPause = 30_000;
/** Nobody has asked for it so long: it is ended, or not tried again. */
const idleMs = 300_000;
const patience = 30_000;
/** What one life of it writes down of what it was refused. */
const mostRefusals = 20;

const system = { kind: 'system' } as const;

/** One server: started when somebody needs it, ended when nobody does, tried again with pauses where it fails. */
export class LiveServer {
  readonly name: string;
  readonly server: ToolServer;
  readonly said = new SaidLines();
  readonly #needs: LiveServerNeeds;
  #state: State = 'idle';
  #problem: Problem | null = null;
  #since: string | null = null;
  #connection: Connection | undefined;
  #starting: Promise<Connection> | undefined;
  #stopping = new AbortController();
  #tools: readonly FoundTool[] | null = null;
  #pause = firstPause;
  #wanted = 0;
  #older = false;
  #working = 0;
  #closed = false;
  #forget: () => void = () => undefined;
  #ending: Promise<void> = Promise.resolve();

  constructor(name: string, server: ToolServer, needs: LiveServerNeeds) {
    this.name = name;
    this.server = server;
    this.#needs = needs;
  }

  get facts(): Pick<ToolServerRow, 'state' | 'problem' | 'mend' | 'since'> {
    const { message = null, mend = null } = this.#problem ?? {};
    return { state: this.#state, problem: message, mend, since: this.#since };
  }

  get tools(): readonly FoundTool[] | null {
    return this.#tools;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Uses the connection, which is made where there is none; who waits for a server that was just tried is told so. */
  async use<T>(work: (connection: Connection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#wanted = this.#needs.clock.now().getTime();
    await this.#connection?.settled();
    if (this.#state === 'waiting' || this.#state === 'signing') throw this.#unavailable();
    const connection = this.#connection ?? (await untilAborted(this.start(), signal));
    try {
      return await this.#worked(connection, work);
    } catch (thrown) {
      // It did nothing, since it does not know us any more: once more, as somebody new.
      if (!connection.isForgotten || this.#closed) throw thrown;
      this.#leave(connection);
      return this.#worked(await untilAborted(this.start(), signal), work);
    }
  }

  async #worked<T>(connection: Connection, work: (connection: Connection) => Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work(connection);
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.code === 'unauthorized') this.#signedOut(connection, thrown);
      throw thrown;
    } finally {
      this.#working--;
      this.#rest();
    }
  }

  /** Several may hear of it; the first of them ends it. */
  #leave(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    void this.#over(connection, 'the server does not know it any more');
  }

  /** At once, also where it waits for its next try. */
  start(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new Problem('unavailable', 'Holdfast is stopping.'));
    if (this.#connection) return Promise.resolve(this.#connection);
    this.#wanted = this.#needs.clock.now().getTime();
    this.#forget();
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Ends it until somebody needs it again. */
  async stop(reason: string): Promise<void> {
    this.#forget();
    this.#stopping.abort(new Problem('cancelled', `The server was ended: ${reason}.`));
    this.#stopping = new AbortController();
    await this.#starting?.catch(() => undefined);
    await this.#end(reason);
    this.#pause = firstPause;
    this.#problem = null;
    this.#to('idle');
  }

  async close(reason: string): Promise<void> {
    this.#closed = true;
    await this.stop(reason);
    await this.#ending;
  }

  /** Its tools once more: it says that they are others now, or somebody wants to know. */
  async look(connection: Connection): Promise<void> {
    const tools = await connection.tools();
    this.#tools = tools;
    await this.#needs.found(tools);
    this.#needs.changed();
  }

  async #start(): Promise<Connection> {
    await this.#ending;
    const { record, clock } = this.#needs;
    const { name, server } = this;
    // Whoever stops it puts another in its place.
    const stopping = this.#stopping.signal;
    const late = new AbortController();
    const forgetPatience = clock.after(patience, () => late.abort());
    const signal = AbortSignal.any([stopping, late.signal]);
    this.#to('starting');
    try {
      const connection = await this.#connect(signal);
      try {
        await this.look(connection);
        const ready = {
          server: name,
          session: connection.session,
          version: connection.version,
          protocol: connection.protocol,
          tools: this.#tools?.length ?? 0,
        };
        await record.append({ kind: 'tool_server.ready', actor: system, data: ready });
      } catch (thrown) {
        await this.#over(connection, Problem.of(thrown).message);
        throw thrown;
      }
      this.#connection = connection;
      this.#pause = firstPause;
      this.#problem = null;
      this.#since = clock.now().toISOString();
      this.#to('ready');
      this.#rest();
      return connection;
    } catch (thrown) {
      if (stopping.aborted) throw thrown;
      const problem = asProblem(thrown, signal, server);
      this.#failed(problem);
      throw problem;
    } finally {
      forgetPatience();
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    try {
      return await this.#open(signal);
    } catch (thrown) {
      // Some end when they are asked which protocol they speak: they are spoken with in the older one.
      if (this.#older || signal.aborted || this.server.transport.kind !== 'stdio' || !isNegotiation(thrown)) {
        throw thrown;
      }
      this.#older = true;
      return this.#open(signal);
    }
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const { name, server, said } = this;
    const { record } = this.#needs;
    let opened: Connection | undefined;
    let refusals = 0;
    const events = {
      refused: (asked: string) => {
        if (++refusals > mostRefusals) return;
        const data = { server: name, asked: asked.slice(0, 200).toWellFormed() };
        void record.append({ kind: 'tool_server.refused', actor: system, data }).catch(() => undefined);
      },
      toolsChanged: () => {
        if (opened && opened === this.#connection) void this.look(opened).catch(() => undefined);
      },
      closed: () => {
        if (opened && opened === this.#connection) this.#broke(opened, opened.why);
      },
      gone: (problem: Problem) => {
        if (opened && opened === this.#connection) this.#broke(opened, problem);
      },
    };
    const asked = { name, server, said, older: this.#older, events };
    opened = await Connection.open(this.#needs, asked, signal);
    return opened;
  }

  /** Nobody was let in: it waits for the next who tries. */
  notSignedIn(problem: Problem): void {
    this.said.say(problem.message);
    // Who begins anew, or gives up, knows that by themselves.
    if (this.#connection || this.#closed || problem.code === 'cancelled') return;
    this.#problem = problem;
    this.#since = this.#needs.clock.now().toISOString();
    this.#to('signing');
  }

  #signedOut(connection: Connection, problem: Problem): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    void this.#over(connection, problem.message);
    this.#failed(problem);
  }

  /** It went away by itself, or does not answer. */
  #broke(connection: Connection, why: Problem | undefined): void {
    this.#connection = undefined;
    const problem =
      why ?? new Problem('unavailable', 'The server has ended.', 'Look at what it said in its log.');
    void this.#over(connection, problem.message);
    this.#failed(problem);
  }

  #failed(problem: Problem): void {
    this.#problem = problem;
    const { clock } = this.#needs;
    const now = clock.now().getTime();
    this.#since = clock.now().toISOString();
    if (this.#closed) return this.#to('idle');
    // Nothing is tried again before somebody signed in.
    if (problem.code === 'unauthorized') return this.#to('signing');
    this.#to('waiting');
    const pause = this.#pause;
    this.#pause = Math.min(longestPause, pause * 2);
    this.#forget = clock.after(pause, () => {
      if (now - this.#wanted > idleMs) return this.#to('idle');
      this.start().catch(() => undefined);
    });
  }

  /** Where nobody works with it for a while it is ended. */
  #rest(): void {
    if (this.#working > 0 || !this.#connection) return;
    this.#forget();
    this.#forget = this.#needs.clock.after(idleMs, () => {
      if (this.#working === 0) void this.stop('nobody needed it any more').catch(() => undefined);
    });
  }

  async #end(reason: string): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) await this.#over(connection, reason);
  }

  #over(connection: Connection, reason: string): Promise<void> {
    const { record, log } = this.#needs;
    const over = (async () => {
      await connection.close(reason);
      const data = { server: this.name, session: connection.session, reason: reason.slice(0, 2000) };
      await record.append({ kind: 'tool_server.ended', actor: system, data });
    })().catch((failure: unknown) => {
      log.warn({ err: failure, server: this.name }, 'the end of a server of tools is not as it should be');
    });
    this.#ending = Promise.all([this.#ending, over]).then(() => undefined);
    return over;
  }

  #unavailable(): Problem {
    const { message = 'it failed', mend } = this.#problem ?? {};
    if (this.#state === 'signing' && this.#problem) return this.#problem;
    return new Problem(
      'unavailable',
      `The server “${this.name}” is not to be had now and is tried again in a while: ${message}`,
      mend ?? 'Try again later, or start it again.',
    );
  }

  #to(state: State): void {
    this.#state = state;
    if (state === 'idle') this.#since = null;
    this.#needs.changed();
  }
}

function isNegotiation(thrown: unknown): boolean {
  return thrown instanceof Problem && /negotiat|closed|ended/i.test(thrown.message);
}

function asProblem(thrown: unknown, signal: AbortSignal, server: ToolServer): Problem {
  if (!signal.aborted) return Problem.of(thrown);
  return new Problem(
    'unavailable',
    `The server did not come to work within ${patience / 1000} seconds (${placeOfServer(server)}).`,
    'Look at what it said in its log.',
  );
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
