import type { IncomingMessage, ServerResponse } from 'node:http';
import { createMcpHandler, type McpHttpHandler, McpServer } from '@modelcontextprotocol/server';
import { version } from '../../base/version.ts';
import { readJson } from '../../gateway/body.ts';
import { defaultLimits } from '../../gateway/limits.ts';
import type { McpCaller } from './caller.ts';
import { asWebRequest, sendWebResponse } from './web-exchange.ts';

/** The words of the protocol, in all its versions that clients speak. */
export class Protocol {
  readonly #handler: McpHttpHandler = createMcpHandler(() => this.#server());

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    _caller: McpCaller,
    closing: AbortSignal,
  ): Promise<void> {
    const parsedBody = await readJson(request, defaultLimits.bodyBytes);
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const web = asWebRequest(request, AbortSignal.any([leaving.signal, closing]));
    await sendWebResponse(response, await this.#handler.fetch(web, { parsedBody }));
  }

  close(): Promise<void> {
    return this.#handler.close();
  }

  #server(): McpServer {
    return new McpServer({ name: 'holdfast', title: 'Holdfast', version }, { capabilities: { tools: {} } });
  }
}
