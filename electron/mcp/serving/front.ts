import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../../../shared/problem.ts';
import type { Later } from '../../base/later.ts';
import type { Log } from '../../base/log.ts';
import { guard } from '../../gateway/guard.ts';
import { sendProblem } from '../../gateway/http-answers.ts';
import type { Refusals } from '../../gateway/refusals.ts';
import type { Callers } from './callers.ts';
import type { Protocol } from './protocol.ts';

export interface McpFrontNeeds {
  readonly callers: Callers;
  readonly refusals: Pick<Refusals, 'note'>;
  /** What speaks the protocol, loaded when somebody first does. */
  readonly protocol: Later<Protocol>;
  readonly log: Log;
  /** Null on the socket, which no page can reach. */
  readonly port: () => number | null;
}

const metadataPaths = [
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
] as const;

/** Answers what comes to the listener: guarded, known by its token, and then in the protocol's own words. */
export class McpFront {
  readonly #needs: McpFrontNeeds;
  readonly #closing = new AbortController();

  constructor(needs: McpFrontNeeds) {
    this.#needs = needs;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '/';
    const { log, refusals, port } = this.#needs;
    try {
      response.setHeader('x-content-type-options', 'nosniff');
      guard(request, { port: port(), devOrigin: null }, (reason) => refusals.note('mcp', reason));
      await this.#route(request, response, path);
    } catch (thrown) {
      if (!(thrown instanceof Problem)) log.error({ err: thrown }, 'a request by MCP could not be answered');
      const unread = new Problem('invalid_input', 'The request could not be read.');
      sendProblem(response, thrown instanceof Problem ? thrown : unread, path);
    }
  }

  /** Streams that stand end; what is being answered is answered. */
  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  async #route(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (metadataPaths.some((known) => known === path)) return this.#metadata(request, response);
    if (path !== '/mcp') throw new Problem('not_found', 'There is nothing here.', 'MCP is spoken at /mcp.');
    const { callers, protocol } = this.#needs;
    const caller = callers.of(request);
    if ('stranger' in caller) return this.#challenge(request, response, caller.stranger);
    const forget = callers.whenEnded(caller, () => response.destroy());
    response.once('close', forget);
    await (
      await protocol()
    ).answer(request, response, caller, {
      callers,
      closing: this.#closing.signal,
    });
  }

  /** Tokens are made by the person: there is nobody to ask for one, and so no authorization server is named. */
  #metadata(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') throw new Problem('not_found', 'There is nothing here to send to.');
    const document = {
      resource: this.#at('/mcp'),
      resource_name: 'Holdfast',
      bearer_methods_supported: ['header'],
    };
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(document));
  }

  #challenge(request: IncomingMessage, response: ServerResponse, reason: string): void {
    this.#needs.refusals.note('mcp', reason);
    const shown = request.headers.authorization === undefined ? '' : 'error="invalid_token", ';
    response.setHeader(
      'www-authenticate',
      `Bearer ${shown}resource_metadata="${this.#at(metadataPaths[1])}"`,
    );
    const problem = new Problem(
      'unauthorized',
      'This needs a token that was made for MCP and is in force.',
      'Make one in the window under Settings, MCP, or with `holdfast mcp clients add NAME`.',
    );
    sendProblem(response, problem, '/mcp');
  }

  /** On the socket there is no address of HTTP: then it is one that leads nowhere else. */
  #at(path: string): string {
    return `http://127.0.0.1:${this.#needs.port() ?? 0}${path}`;
  }
}
