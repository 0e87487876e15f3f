import type { CallToolResult, Client, Prompt, Resource } from '@modelcontextprotocol/client';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import type { Clock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { rest } from '../../base/waking.ts';
import {
  answers,
  connectKit,
  inputWanted,
  isAnswer,
  type KitOptions,
  type KitWishes,
  listTools,
} from './kit-client.ts';
import { openHttp } from './http-way.ts';
import { openStdio } from './stdio-way.ts';
import type { SaidLines } from './said-lines.ts';
import type { ServerNeeds } from './server-needs.ts';
import type { FoundTool } from './told-tool.ts';
import { placeOfServer } from './server-values.ts';
import { inputRefused, kitProblem } from './kit-problem.ts';
import { kitsOwnTimeout, TooLate, withinTime } from './within-time.ts';

const system = { kind: 'system' } as const;
const mostOthers = 200;
const listenAgainMs = 1000;
/** Whoever is only asked whether they are there, or what else they have. */
const shortMs = 5000;

/** A way to one server: what the kit speaks over, and what ends it. */
export interface Way {
  readonly transport: Parameters<typeof connectKit>[0];
  readonly layers: readonly string[];
  /** Why it broke, where the server is to blame. */
  why(): Problem | undefined;
  /** The server does not know who asks any more, and has done nothing. */
  isForgotten(thrown: unknown): boolean;
  /** Is called where something on the way went wrong that no question waits for. */
  troubled?: () => void;
  /** Tells a server that keeps a session for us that nobody comes back to it; waits a moment for that at most. */
  leave?: () => Promise<void>;
  close(reason: string): Promise<void>;
}

export interface Connecting {
  readonly name: string;
  readonly server: ToolServer;
  readonly said: SaidLines;
  readonly older: boolean;
  readonly events: Pick<KitWishes, 'refused' | 'toolsChanged' | 'closed'> & {
    /** It does not answer any more. */
    readonly gone: (problem: Problem) => void;
  };
}

/** One connection to a server, from its start to its end. */
export class Connection {
  readonly session: Id<'session'>;
  readonly layers: readonly string[];
  readonly #client: Client;
  readonly #way: Way;
  readonly #clock: Clock;
  readonly #asked: Connecting;
  readonly #timeoutMs: number;
  readonly #ended = new AbortController();
  #checking: Promise<void> | undefined;
  #isForgotten = false;
  #gone: Problem | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    asked: Connecting & { session: Id<'session'> },
    client: Client,
    way: Way,
    clock: Clock,
  ) {
    this.session = asked.session;
    this.layers = way.layers;
    this.#asked = asked;
    this.#client = client;
    this.#way = way;
    this.#clock = clock;
    this.#timeoutMs = asked.server.timeoutSeconds * 1000;
    way.troubled = () => this.#doubt();
    void this.#keepListening(client.autoOpenedSubscription);
  }

  static async open(needs: ServerNeeds, asked: Connecting, signal: AbortSignal): Promise<Connection> {
    const { server, name } = asked;
    const session = newId('session', needs.clock.now());
    // What a killed life leaves of it is found by this.
    const starting = { server: name, session, at: placeOfServer(server) };
    await needs.record.append({ kind: 'tool_server.starting', actor: system, data: starting });
    try {
      return await Connection.#opened(needs, { ...asked, session }, signal);
    } catch (thrown) {
      const reason = `it did not start: ${Problem.of(thrown).message}`.slice(0, 2000).toWellFormed();
      await needs.record.append({
        kind: 'tool_server.ended',
        actor: system,
        data: { server: name, session, reason },
      });
      throw thrown;
    }
  }

  static async #opened(
    needs: ServerNeeds,
    asked: Connecting & { session: Id<'session'> },
    signal: AbortSignal,
  ): Promise<Connection> {
    const { server } = asked;
    const { transport } = server;
    const way =
      transport.kind === 'stdio'
        ? await openStdio(needs, { ...asked, transport }, signal)
        : await openHttp(needs, { ...asked, transport }, signal);
    try {
      const wishes = { ...asked.events, older: asked.older };
      const { clock } = needs;
      const milliseconds = server.timeoutSeconds * 1000;
      const client = await withinTime({ clock, milliseconds, signal }, (until) =>
        connectKit(way.transport, wishes, until),
      );
      return new Connection(asked, client, way, clock);
    } catch (thrown) {
      // Before it is closed, which is an end as well.
      const why = way.why();
      await way.close('it could not be spoken with');
      throw signal.aborted || thrown instanceof TooLate ? thrown : (why ?? kitProblem(thrown));
    }
  }

  /** Why it broke, as far as that is known. */
  get why(): Problem | undefined {
    return this.#way.why();
  }

  get version(): string | null {
    const told = this.#client.getServerVersion();
    return told ? `${told.name} ${told.version}`.slice(0, 200) : null;
  }

  get protocol(): string | null {
    return this.#client.getNegotiatedProtocolVersion() ?? null;
  }

  get instructions(): string | null {
    return this.#client.getInstructions()?.slice(0, 20_000) ?? null;
  }

  /** It knows nothing of this connection any more: another one has to be made. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  /** Resolves when it is not in doubt, or not any more. */
  async settled(): Promise<void> {
    await this.#checking;
  }

  /** What it has beside tools, for people; a server that cannot tell has none. */
  async others(): Promise<{ resources: Resource[]; prompts: Prompt[] }> {
    const { resources, prompts } = this.#client.getServerCapabilities() ?? {};
    const none = () => null;
    const bound = { clock: this.#clock, milliseconds: Math.min(this.#timeoutMs, shortMs) };
    const [some, more] = await withinTime(bound, (signal) => {
      const options = { timeout: kitsOwnTimeout, signal };
      return Promise.all([
        resources ? this.#client.listResources(undefined, options).catch(none) : null,
        prompts ? this.#client.listPrompts(undefined, options).catch(none) : null,
      ]);
    });
    return {
      resources: some?.resources.slice(0, mostOthers) ?? [],
      prompts: more?.prompts.slice(0, mostOthers) ?? [],
    };
  }

  tools(): Promise<FoundTool[]> {
    return this.ask(listTools);
  }

  call(tool: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CallToolResult> {
    const asked = { name: tool, arguments: { ...input } };
    const onprogress = this.#asked.said.progressOf(tool);
    return this.ask(async (client, options) => {
      const given = await client.callTool(asked, { ...options, onprogress, allowInputRequired: true });
      this.#refuseInput(given);
      return given;
    }, signal);
  }

  /** Whatever goes wrong is told in words of ours. Whoever did not answer is asked whether they are there at all. */
  async ask<T>(work: (client: Client, options: KitOptions) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const bound = { clock: this.#clock, milliseconds: this.#timeoutMs, signal };
    try {
      return await withinTime(bound, (until) =>
        work(this.#client, { timeout: kitsOwnTimeout, signal: until }),
      );
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      const problem = kitProblem(thrown);
      if (isAnswer(thrown) || problem.code === 'unauthorized' || problem.code === 'forbidden') throw problem;
      this.#isForgotten ||= this.#way.isForgotten(thrown);
      if (!this.#isForgotten) this.#doubt();
      throw thrown instanceof TooLate ? thrown : (this.#gone ?? this.#way.why() ?? problem);
    }
  }

  /** It may say what it wants before it answers: that is refused, and on the record. */
  #refuseInput(given: unknown): void {
    const wanted = inputWanted(given);
    if (!wanted) return;
    for (const method of wanted) this.#asked.events.refused(method);
    throw inputRefused(wanted);
  }

  /** Something went wrong: a server that does not answer any more is not kept. */
  #doubt(): void {
    if (this.#ended.signal.aborted) return;
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined));
  }

  async #check(): Promise<void> {
    const bound = { clock: this.#clock, milliseconds: shortMs, signal: this.#ended.signal };
    const isThere = await withinTime(bound, (signal) =>
      answers(this.#client, { timeout: kitsOwnTimeout, signal }),
    ).catch(() => false);
    if (isThere || this.#ended.signal.aborted) return;
    const silent = new Problem('unavailable', 'The server does not answer any more.');
    this.#gone = this.#way.why() ?? silent;
    this.#asked.events.gone(this.#gone);
  }

  /** What it tells of changes may end at any time, as answers do: it is listened to again. */
  async #keepListening(listened: Client['autoOpenedSubscription']): Promise<void> {
    const { signal } = this.#ended;
    for (let listening = listened; listening;) {
      if ((await listening.closed) === 'local' || signal.aborted) return;
      await rest(this.#clock, listenAgainMs, signal);
      const options = { timeout: kitsOwnTimeout, signal };
      listening = signal.aborted
        ? undefined
        : await this.#client.listen(listening.honoredFilter, options).catch(() => undefined);
      if (listening) this.#asked.events.toolsChanged();
      else this.#doubt();
    }
  }

  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    this.#ended.abort();
    Object.assign(this.#client, { onclose: undefined });
    // Who does not answer, or knows nothing of it, is told nothing.
    if (!this.#gone && !this.#isForgotten) await this.#way.leave?.();
    await this.#client.close().catch(() => undefined);
    await this.#way.close(reason);
  }
}
