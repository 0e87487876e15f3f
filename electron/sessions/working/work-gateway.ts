import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { GatewayPlace } from '../../agents/work-command.ts';
import { createServer } from '../../base/node-http.ts';
import type { AgentLimit, SpendLimit } from '../../models/models.ts';
import type { Payer } from '../../models/passing.ts';
import { HeldBytes, type PassingDoor } from '../../models/passing-door.ts';
import { tokenIn } from '../../models/passing-token.ts';
import { ownUrl } from '../../sandbox/egress.ts';

export interface WorkGatewayNeeds {
  /** To models; null: its agent asks none this way. */
  readonly door: Pick<PassingDoor, 'answer'> | null;
  /** Answers it by MCP until the signal; null: it may not ask so. */
  readonly mcp:
    ((request: IncomingMessage, response: ServerResponse, ended: AbortSignal) => Promise<void>) | null;
  readonly session: Id<'session'>;
  readonly agent: string;
  /** Of the agent; null: no bound. */
  readonly budget: AgentLimit | null;
  /** The model that answers, whatever is asked for; null: the one that is asked for. */
  readonly model: string | null;
}

/** All that the programs of one session ask may make us hold so much. */
const mostHeld = 64 << 20;
const mostHead = 16_384;

/**
 * Where the programs of one session find models: on its own loopback, by a token that ends with it. What they send
 * arrives by the tunnel of its sandbox; nothing listens on this machine.
 */
export class WorkGateway {
  readonly place: GatewayPlace;
  readonly #needs: WorkGatewayNeeds;
  readonly #ending = new AbortController();
  readonly #held = new HeldBytes(mostHeld);
  readonly #server = createServer({ maxHeaderSize: mostHead }, (request, response) => {
    const answering = this.#answer(request, response).finally(() => this.#answering.delete(answering));
    this.#answering.add(answering);
  });
  readonly #answering = new Set<Promise<void>>();
  #own: SpendLimit | null = null;
  #exhausted: string | null = null;

  constructor(needs: WorkGatewayNeeds, random: (bytes: number) => Buffer = randomBytes) {
    this.#needs = needs;
    this.place = { url: ownUrl, token: `hfs_${random(32).toString('base64url')}` };
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  /** A connection of a program inside, as the tunnel takes it. */
  readonly serve = (): Duplex => {
    const [inside, outside] = duplexPair();
    const both = [inside, outside] as const;
    for (const each of both) each.on('error', () => undefined);
    inside.once('close', () => outside.destroy());
    outside.once('close', () => inside.destroy());
    if (this.#ending.signal.aborted) inside.destroy();
    else this.#server.emit('connection', outside);
    return inside;
  };

  /** Why the last question was refused, where it was for a budget. */
  get exhausted(): string | null {
    return this.#exhausted;
  }

  /** A person said what this session may spend in all: that counts instead of its agent's bound. */
  raise(limit: SpendLimit): void {
    this.#own = limit;
  }

  get limit(): SpendLimit | null {
    return this.#own;
  }

  /** From now on nobody is answered, and what is being answered is cut; resolves when all of it is on the record. */
  async end(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#answering);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '/';
    const { door, mcp } = this.#needs;
    if (path === '/mcp' && mcp) {
      if (this.#isIts(request)) return mcp(request, response, this.#ending.signal);
      return refuse(response, 401);
    }
    if (door === null) return refuse(response, 404);
    await door.answer(request, response, path, {
      payer: () => this.#payer(request),
      signal: this.#ending.signal,
      held: this.#held,
      told: (refused) => (this.#exhausted = refused?.code === 'budget_exhausted' ? refused.message : null),
    });
  }

  #isIts(request: IncomingMessage): boolean {
    return !this.#ending.signal.aborted && isSame(tokenIn(request), this.place.token);
  }

  #payer(request: IncomingMessage): Payer {
    const { session, agent, budget, model } = this.#needs;
    if (!this.#isIts(request)) {
      throw new Problem('unauthorized', 'This is not the token of this session.');
    }
    const own = this.#own && { session, ...this.#own };
    return {
      actor: { kind: 'agent', id: session },
      agent,
      session,
      budgets: own ? { sessions: [own] } : { agent: budget },
      model,
    };
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close', 'content-length': 0 });
  response.end();
}

function isSame(given: string | undefined, token: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
