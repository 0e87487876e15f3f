/**
 * The trivial tool of a bare server of the official kit of a year ago: no house, no token, no record behind it. Told of a
 * folder, it puts one small row on the disk before it answers: the least that being durable costs.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { openForWriting } from '../../electron/store/database.ts';

const [, , folder] = process.argv;
const keep = folder === undefined ? () => undefined : keeping(folder);

function keeping(place: string): () => unknown {
  const database = openForWriting(join(place, 'bare.sqlite'));
  database.exec('CREATE TABLE calls (at INTEGER PRIMARY KEY, what TEXT NOT NULL)');
  const put = database.prepare('INSERT INTO calls (what) VALUES (?)');
  return () => put.run('get_agent_status');
}

const bare = new McpServer({ name: 'bare', version: '1' });
const shape = { inputSchema: { run_id: z.string() }, outputSchema: { status: z.string() } };
bare.registerTool('get_agent_status', shape, () => {
  keep();
  return {
    content: [{ type: 'text', text: '{"status":"notfound"}' }],
    structuredContent: { status: 'notfound' },
  };
});
const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'bare' });
await bare.connect(transport);
const server = createServer((request, response) => void transport.handleRequest(request, response));
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
});
