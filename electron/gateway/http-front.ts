import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import type { PassingDoor } from '../models/passing-door.ts';
import type { Activity } from './activity.ts';
import { readJson } from './body.ts';
import type { CallContext, Transport } from './caller.ts';
import { type GuardOptions, guard } from './guard.ts';
import type { Handlers } from './handlers.ts';
import { sendProblem } from './http-answers.ts';
import type { McpRoom } from './later-rooms.ts';
import { type Limits, mostBytes } from './limits.ts';
import { openApiDocument } from './openapi.ts';
import { sendPage } from './pages.ts';
import type { Refusals } from './refusals.ts';
import type { Tokens } from './tokens.ts';

export interface FrontNeeds {
  readonly handlers: Handlers;
  readonly activity: Activity;
  readonly tokens: Tokens;
  readonly refusals: Refusals;
  readonly log: Log;
  readonly limits: Limits;
  /** To models, for programs that bring a token for it. */
  readonly door: Later<PassingDoor>;
  readonly mcp: Later<Pick<McpRoom, 'answer'>>;
  /** The folder of the built pages; null where none are served. */
  readonly pages: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Below this, programs of the person's find the wires that providers speak. */
const modelsBelow = '/models/';

/** The context of a call, from the token that came with it. */
export function contextFor(
  tokens: Tokens,
  transport: Transport,
  value: string | undefined,
): CallContext & { token: Id<'token'> | undefined } {
  const token = value === undefined ? undefined : tokens.holder(value);
  return {
    transport,
    token,
    caller: () => (token === undefined ? undefined : tokens.caller(token)),
    refusal: value === undefined ? null : 'a token that is not in force',
  };
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Answers HTTP requests of one listener: guarded, then by what they ask for. */
export class HttpFront {
  readonly #needs: FrontNeeds;
  readonly #guard: () => GuardOptions;
  readonly #transport: Transport;
  readonly #running = new WeakMap<Duplex, number>();

  constructor(needs: FrontNeeds, guardOptions: () => GuardOptions, transport: Transport) {
    this.#needs = needs;
    this.#guard = guardOptions;
    this.#transport = transport;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = request.url?.split('?', 1)[0] ?? '/';
    const { log, headers, refusals } = this.#needs;
    try {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      this.#count(request.socket, response);
      guard(request, this.#guard(), (reason) => refusals.note(this.#transport, reason));
      await this.#route(request, response, pathname);
    } catch (thrown) {
      if (!(thrown instanceof Problem)) log.error({ err: thrown }, 'a request could not be answered');
      const problem =
        thrown instanceof Problem ? thrown : new Problem('invalid_input', 'The request could not be read.');
      sendProblem(response, problem, pathname);
    }
  }

  #count(socket: Duplex, response: ServerResponse): void {
    const running = (this.#running.get(socket) ?? 0) + 1;
    if (running > this.#needs.limits.inFlight) {
      throw new Problem('too_many', 'Too many requests at once on this connection.', 'Wait for some to end.');
    }
    this.#running.set(socket, running);
    response.once('close', () => this.#running.set(socket, (this.#running.get(socket) ?? 1) - 1));
  }

  async #route(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const { handlers, activity, limits, pages } = this.#needs;
    const method = request.method ?? 'GET';
    if (pathname.startsWith('/rpc/') || pathname.startsWith('/api/')) {
      const rpc = pathname.startsWith('/rpc/');
      if (rpc && method !== 'POST')
        throw new Problem('invalid_input', 'Calls under /rpc are POST requests.', 'Use /api for others.');
      // Ends when the answer has left, or its caller.
      response.once('close', activity.begin());
      const handler = rpc ? handlers.rpc : await handlers.openApi();
      const context = this.#context(request, response);
      const caller = context.caller();
      const body = caller
        ? await readJson(request, mostBytes(limits, pathname.replace(/^\/rpc/, ''), caller.kind))
        : await this.#strangersBody(request, context);
      const { matched } = await handler.handle(Object.assign(request, { body }), response, {
        prefix: rpc ? '/rpc' : '/api',
        context,
      });
      if (!matched) throw new Problem('not_found', 'There is no such procedure.', 'See /openapi.json.');
      return;
    }
    if (pathname.startsWith(modelsBelow)) {
      response.once('close', activity.begin());
      const { answerPassed } = await import('./passing-front.ts');
      const path = pathname.slice(modelsBelow.length - 1);
      return answerPassed({ ...this.#needs, transport: this.#transport }, request, response, path);
    }
    // On loopback it has a port of its own, which the person opens.
    if (pathname === '/mcp' && this.#transport === 'socket')
      return (await this.#needs.mcp()).answer(request, response);
    if (method !== 'GET' && method !== 'HEAD')
      throw new Problem('not_found', 'There is nothing here to send to.', 'See /openapi.json.');
    if (pathname === '/openapi.json') return this.#openApi(request, response);
    if (pages === null) throw new Problem('unavailable', 'No pages are served here.');
    await sendPage(response, pages, pathname, method === 'HEAD');
  }

  /** Nobody without a token makes us hold much, or parse it. */
  async #strangersBody(request: IncomingMessage, { refusal }: CallContext): Promise<unknown> {
    try {
      return await readJson(request, this.#needs.limits.strangerBytes);
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code !== 'too_large') throw thrown;
      this.#needs.refusals.note(this.#transport, refusal ?? 'no token');
      throw new Problem('unauthorized', 'This needs a token that is in force.');
    }
  }

  /** The context of this request. A stream ends with its token; a call that was admitted is still answered. */
  #context(request: IncomingMessage, response: ServerResponse): CallContext {
    const { tokens } = this.#needs;
    const { token, ...context } = contextFor(tokens, this.#transport, bearer(request));
    if (token !== undefined && context.caller()) {
      const forget = tokens.whenEnded(token, () => {
        if (response.headersSent) response.destroy();
        else response.once('pipe', () => response.destroy());
      });
      response.once('close', forget);
    }
    return context;
  }

  async #openApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const context = contextFor(this.#needs.tokens, this.#transport, bearer(request));
    if (!context.caller()) {
      this.#needs.refusals.note(this.#transport, context.refusal ?? 'no token');
      throw new Problem('unauthorized', 'This needs a token that is in force.');
    }
    const document = await openApiDocument();
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(document);
  }
}
