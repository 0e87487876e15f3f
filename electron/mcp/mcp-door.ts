import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { McpClientCall, McpConfiguration, McpServing } from '../../shared/mcp.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { type Later, later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { McpOfSession, SessionMcp } from '../sessions/session-mcp.ts';
import type { McpRoom } from '../gateway/later-rooms.ts';
import { StatusFeed } from '../gateway/status-feed.ts';
import type { HouseBehind } from './reaching/house.ts';
import { callerOfSession, outsideCallers } from './serving/callers.ts';
import { McpFront } from './serving/front.ts';
import { listenerOpener, type McpListener, type OpenListener } from './serving/listener.ts';
import type { Protocol } from './serving/protocol.ts';

/** Where programs look for it unless the person says otherwise. */
const usualPort = 3781;

export interface McpDoorNeeds {
  readonly record: AuditRecord;
  readonly clock: Clock;
  readonly log: Log;
  /** Who may come in, and where it is told who may not. */
  readonly gateway: Pick<Gateway, 'tokens' | 'refusals' | 'activity'>;
  readonly rooms: HouseBehind['rooms'];
  /** 0 takes a free one. */
  readonly usualPort?: number;
}

/** Whether programs reach Holdfast by MCP, and where: as the settings say, now. */
export class McpDoor implements McpRoom, SessionMcp {
  readonly #needs: McpDoorNeeds;
  readonly #feed: StatusFeed<McpServing>;
  readonly #protocol: Later<Protocol>;
  readonly #open: OpenListener;
  readonly #onSocket: McpFront;
  #spoken: Protocol | null = null;
  #listener: McpListener | null = null;
  #wanted: number | null = null;
  #problem: string | null = null;
  #port: number | null | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(needs: McpDoorNeeds) {
    this.#needs = needs;
    this.#feed = new StatusFeed(() => Promise.resolve(this.#state()), needs.clock);
    const { gateway, clock, log } = needs;
    const { refusals, tokens, activity } = gateway;
    this.#protocol = later(async () => {
      const { Protocol: Words } = await import('./serving/protocol.ts');
      return (this.#spoken = new Words({ ...needs, activity }));
    });
    const front = { callers: outsideCallers(tokens), refusals, protocol: this.#protocol, log };
    this.#open = listenerOpener(front, clock);
    this.#onSocket = new McpFront({ ...front, port: () => null });
  }

  answerSession(request: IncomingMessage, response: ServerResponse, asks: McpOfSession): Promise<void> {
    const { refusals } = this.#needs.gateway;
    const { log } = this.#needs;
    const callers = callerOfSession(asks);
    return new McpFront({ callers, refusals, protocol: this.#protocol, log, port: () => null }).handle(
      request,
      response,
    );
  }

  answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.#onSocket.handle(request, response);
  }

  /** As it is; where it should listen and could not, it is tried again first. */
  async serving(): Promise<McpServing> {
    await this.settled();
    return this.#state();
  }

  async serve({ on, port }: { on: boolean; port: number | null }, actor: Actor): Promise<McpServing> {
    const settings = this.#needs.record.settings();
    const changes = [
      ...(on === (settings['mcp.server'] ?? false) ? [] : [{ key: 'mcp.server', value: on } as const]),
      ...(port === null || port === settings['mcp.port'] ? [] : [{ key: 'mcp.port', value: port } as const]),
    ];
    if (changes.length > 0) {
      const drafts = changes.map((data) => ({ kind: 'setting.changed', actor, data }) as const);
      await this.#needs.record.appendAll(drafts);
    }
    return this.serving();
  }

  watch(signal: AbortSignal): AsyncIterable<McpServing> {
    return this.#feed.watch(signal);
  }

  async configurations(token: string | null): Promise<McpConfiguration[]> {
    const { configurationsFor } = await import('./configuring/configurations.ts');
    return configurationsFor(await this.#place(), token);
  }

  async calls(token: Id<'token'>, most: number): Promise<McpClientCall[]> {
    const { callsOf } = await import('./calling/calls-of.ts');
    return callsOf(this.#needs.record, token, most);
  }

  /** Listens, listens elsewhere or no more, as the settings are now; one after the other, whoever asks. */
  settled(): Promise<void> {
    const settling = this.#turn.then(() => this.#settle());
    this.#turn = settling.catch(() => undefined);
    return settling;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#onSocket.close();
    await this.settled();
    await this.#spoken?.close();
  }

  async #settle(): Promise<void> {
    const settings = this.#needs.record.settings();
    const on = settings['mcp.server'] === true && !this.#closed;
    const wanted = on ? (settings['mcp.port'] ?? this.#needs.usualPort ?? usualPort) : null;
    const port = settings['mcp.port'];
    if (wanted === this.#wanted && (wanted === null) === (this.#listener === null)) {
      // While nothing listens, where it would is news too.
      if (port !== this.#port) this.#feed.changed();
      this.#port = port;
      return;
    }
    this.#port = port;
    const before = this.#listener;
    [this.#wanted, this.#listener, this.#problem] = [wanted, null, null];
    await before?.close();
    try {
      if (wanted !== null) this.#listener = await this.#open(wanted);
    } catch (thrown) {
      this.#problem = `${Problem.of(thrown).message} Choose another port, or end what uses it.`;
    }
    this.#feed.changed();
  }

  #state(): McpServing {
    const { 'mcp.server': on, 'mcp.port': port } = this.#needs.record.settings();
    return {
      on: on === true,
      port: this.#listener?.port ?? port ?? this.#needs.usualPort ?? usualPort,
      address: this.#listener ? `http://127.0.0.1:${this.#listener.port}/mcp` : null,
      problem: this.#problem,
    };
  }

  async #place(): Promise<string> {
    const { address, port } = await this.serving();
    return address ?? `http://127.0.0.1:${port}/mcp`;
  }
}
