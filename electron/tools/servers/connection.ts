import type { CallToolResult, Client, Prompt, Resource } from '@modelcontextprotocol/client';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { newId } from '../../base/ids.ts';
import { connectKit, type KitWishes, listTools } from './kit-client.ts';
import { openHttp } from './http-way.ts';
import { openStdio } from './stdio-way.ts';
import type { SaidLines } from './said-lines.ts';
import type { ServerNeeds } from './server-needs.ts';
import type { FoundTool } from './told-tool.ts';
import { placeOfServer } from './server-values.ts';
import { kitProblem } from './kit-problem.ts';

const system = { kind: 'system' } as const;
const mostOthers = 200;
const othersMs = 5000;

/** A way to one server: what the kit speaks over, and what ends it. */
export interface Way {
  readonly transport: Parameters<typeof connectKit>[0];
  readonly layers: readonly string[];
  /** Why it broke, where the server is to blame. */
  why(): Problem | undefined;
  close(reason: string): Promise<void>;
}

export interface Connecting {
  readonly name: string;
  readonly server: ToolServer;
  readonly said: SaidLines;
  readonly older: boolean;
  readonly events: Pick<KitWishes, 'refused' | 'toolsChanged' | 'closed'>;
}

/** One connection to a server, from its start to its end. */
export class Connection {
  readonly session: Id<'session'>;
  readonly layers: readonly string[];
  readonly #client: Client;
  readonly #way: Way;
  readonly #timeoutMs: number;
  #closing: Promise<void> | undefined;

  private constructor(session: Id<'session'>, client: Client, way: Way, server: ToolServer) {
    this.session = session;
    this.#client = client;
    this.#way = way;
    this.layers = way.layers;
    this.#timeoutMs = server.timeoutSeconds * 1000;
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
    const { server, session } = asked;
    const { transport } = server;
    const way =
      transport.kind === 'stdio'
        ? await openStdio(needs, { ...asked, transport }, signal)
        : await openHttp(needs, { ...asked, transport }, signal);
    try {
      const wishes = { ...asked.events, older: asked.older, timeoutMs: server.timeoutSeconds * 1000 };
      const client = await connectKit(way.transport, wishes, signal);
      return new Connection(session, client, way, server);
    } catch (thrown) {
      // Before it is closed, which is an end as well.
      const why = way.why();
      await way.close('it could not be spoken with');
      throw signal.aborted ? thrown : (why ?? kitProblem(thrown));
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

  /** What it has beside tools, for people; a server that cannot tell has none. */
  async others(): Promise<{ resources: Resource[]; prompts: Prompt[] }> {
    const { resources, prompts } = this.#client.getServerCapabilities() ?? {};
    const options = { timeout: Math.min(this.#timeoutMs, othersMs) };
    const none = () => null;
    const [some, more] = await Promise.all([
      resources ? this.#client.listResources(undefined, options).catch(none) : null,
      prompts ? this.#client.listPrompts(undefined, options).catch(none) : null,
    ]);
    return {
      resources: some?.resources.slice(0, mostOthers) ?? [],
      prompts: more?.prompts.slice(0, mostOthers) ?? [],
    };
  }

  tools(): Promise<FoundTool[]> {
    return this.ask(() => listTools(this.#client, this.#timeoutMs));
  }

  call(tool: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CallToolResult> {
    const timeout = this.#timeoutMs;
    return this.ask(
      () =>
        this.#client.callTool(
          { name: tool, arguments: { ...input } },
          { timeout, maxTotalTimeout: timeout, signal },
        ),
      signal,
    );
  }

  /** Whatever goes wrong is told in words of ours. */
  async ask<T>(work: (client: Client, timeout: number) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work(this.#client, this.#timeoutMs);
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      throw this.#way.why() ?? kitProblem(thrown);
    }
  }

  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    Object.assign(this.#client, { onclose: undefined });
    await this.#client.close().catch(() => undefined);
    await this.#way.close(reason);
  }
}
