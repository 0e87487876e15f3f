/** The same trivial tool behind the official kit that Holdfast uses, as it says to: a server made for each request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const shape = {
  inputSchema: z.object({ run_id: z.string() }),
  outputSchema: z.object({ status: z.string() }),
};
const handler = createMcpHandler(() => {
  const bare = new McpServer({ name: 'bare', version: '1' });
  bare.registerTool('get_agent_status', shape, () => ({
    content: [{ type: 'text', text: '{"status":"notfound"}' }],
    structuredContent: { status: 'notfound' },
  }));
  return bare;
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const { method = 'GET' } = request;
  const body = method === 'POST' ? { body: Buffer.concat(chunks) } : {};
  const answered = await handler.fetch(new Request('http://127.0.0.1/mcp', { method, headers, ...body }));
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(Buffer.from(await answered.arrayBuffer()));
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
});
