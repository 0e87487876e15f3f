import { randomUUID } from 'node:crypto';
import {
  isInitializeRequest,
  type InitializeRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import type { CallerBus } from '../resources/caller-bus.ts';
import { connectionBroke } from '../calling/tool.ts';
import { saidAtFirst } from './said-of-client.ts';
import type { OlderClient, Speaker } from './server-for.ts';

export interface OlderSessionsNeeds {
  readonly clock: Clock;
  readonly bus: CallerBus;
  readonly server: (client: OlderClient) => Speaker;
}

interface OlderSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  answering: number;
  used: number;
  end(): void;
}

/** Of one caller at the same time; the one that was used least lately makes room. */
const mostSessions = 32;
const idleMilliseconds = 30 * 60_000;

/**
 * Sessions of clients that speak a version of 2025: they are told what changes by a stream of their own, and asked back
 * by it. Whoever names a session that is over hears so, and begins another.
 */
export class OlderSessions {
  readonly #needs: OlderSessionsNeeds;
  readonly #open = new Map<string, OlderSession>();

  constructor(needs: OlderSessionsNeeds) {
    this.#needs = needs;
  }

  get size(): number {
    return this.#open.size;
  }

  async answer(request: Request, parsedBody: unknown): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id === null) {
      if (!isInitializeRequest(parsedBody)) return refusal(400, 'A session begins with initialize.');
      return this.#carry(await this.#begin(parsedBody.params), request, parsedBody);
    }
    const session = this.#open.get(id);
    return session ? this.#carry(session, request, parsedBody) : refusal(404, 'This session is over.');
  }

  close(): void {
    for (const session of this.#open.values()) session.end();
  }

  async #carry(session: OlderSession, request: Request, parsedBody: unknown): Promise<Response> {
    // By its stream it is told of lists without asking for that.
    if (request.method === 'GET') this.#needs.bus.wantsAgents();
    const done = this.#working(session);
    request.signal.addEventListener('abort', done, { once: true });
    // Its answer reaches nobody any more: there is nothing that a stream could be taken up again from.
    const broke = () => cancelAll(session, parsedBody);
    request.signal.addEventListener('abort', broke, { once: true });
    try {
      return await session.transport.handleRequest(request, { parsedBody });
    } finally {
      // A stream that stands keeps its session; its end is that of the request.
      if (request.method !== 'GET') done();
    }
  }

  /** The returned function says, once, that it is over. */
  #working(session: OlderSession): () => void {
    const now = () => this.#needs.clock.now().getTime();
    session.used = now();
    session.answering++;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      session.answering--;
      session.used = now();
    };
  }

  async #begin(first: InitializeRequest['params']): Promise<OlderSession> {
    this.#makeRoom();
    const { clock, bus, server } = this.#needs;
    const id = randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: () => session.end(),
    });
    const subscribed = new Set<string>();
    const speaking = server({
      said: saidAtFirst(first),
      subscribed,
      working: () => this.#working(session),
      wantsAgents: () => bus.wantsAgents(),
    });
    const leave = bus.subscribe((event) => {
      if (event.kind === 'resources_list_changed') tell(speaking.sendResourceListChanged());
      if (event.kind === 'resource_updated' && subscribed.has(event.uri))
        tell(speaking.sendResourceUpdated({ uri: event.uri }));
    });
    let forget = () => undefined as void;
    const arm = (milliseconds: number) => {
      forget = clock.after(milliseconds, () => {
        const left = session.used + idleMilliseconds - clock.now().getTime();
        if (session.answering > 0) arm(idleMilliseconds);
        else if (left > 0) arm(left);
        else session.end();
      });
    };
    const session: OlderSession = {
      transport,
      answering: 0,
      used: clock.now().getTime(),
      end: () => {
        if (!this.#open.delete(id)) return;
        forget();
        leave();
        tell(speaking.close());
      },
    };
    this.#open.set(id, session);
    arm(idleMilliseconds);
    await speaking.connect(transport);
    return session;
  }

  #makeRoom(): void {
    while (this.#open.size >= mostSessions) {
      const [oldest] = [...this.#open.values()].toSorted(
        (a, b) => Number(a.answering > 0) - Number(b.answering > 0) || a.used - b.used,
      );
      oldest?.end();
    }
  }
}

/** What was asked is waited for no more; that a connection broke says nothing of what was begun. */
function cancelAll({ transport }: OlderSession, parsedBody: unknown): void {
  for (const message of Array.isArray(parsedBody) ? (parsedBody as unknown[]) : [parsedBody]) {
    const { id, method } = (message ?? {}) as { id?: unknown; method?: unknown };
    if (typeof method !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) continue;
    const params = { requestId: id, reason: connectionBroke };
    transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
  }
}

/** Whoever does not listen is told nothing. */
const tell = (telling: Promise<void>) => void telling.catch(() => undefined);

function refusal(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }, { status });
}
