/**
 * A trivial tool called over HTTP with the official client, its token checked and its event durable before it acts,
 * against a bare server of the official kit of a year ago in the same run; and two hundred that follow runs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { systemPathSources } from '../electron/base/paths.ts';
import { connect } from '../electron/cli/client.ts';
import { startCore } from '../electron/core.ts';
import { usualMcpTools } from '../shared/mcp-tools.ts';
import { quick, report } from './parts/report.ts';

const rounds = quick ? 300 : 2000;
const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-mcp-'));
const own = systemPathSources();
const sources = { ...own, environment: { ...own.environment, XDG_CONFIG_HOME: folder }, home: folder };
const data = join(folder, 'data');
const core = await startCore({ surface: 'daemon', data, port: 0, stopAsked: () => undefined, sources });
const person = connect(core.paths);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const { address } = await person.mcp.serve({ on: true, port: await freePort() });
const mcp = { tools: [...usualMcpTools], callsPerMinute: 100_000 };

async function program(url: string, token: string): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

/** The same tool without a house behind it. */
async function bareServer(): Promise<{ url: string; close: () => void }> {
  const bare = new McpServer({ name: 'bare', version: '1' });
  const shape = { inputSchema: { run_id: z.string() }, outputSchema: { status: z.string() } };
  bare.registerTool('get_agent_status', shape, () => ({
    content: [{ type: 'text', text: '{"status":"notfound"}' }],
    structuredContent: { status: 'notfound' },
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'bare' });
  await bare.connect(transport);
  const server = createServer((request, response) => void transport.handleRequest(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const asked = { name: 'get_agent_status', arguments: { run_id: 'run_of_nobody' } };

/** Calls in a second, so many at a time. */
async function pace(client: Client, atOnce: number, calls: number): Promise<number> {
  let left = calls;
  const begun = performance.now();
  const one = async () => {
    while (left-- > 0) await client.callTool(asked);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (calls / (performance.now() - begun)) * 1000;
}

const bare = await bareServer();
const { value } = await person.access.create({ name: 'bench', mcp });
const ours = await program(address ?? '', value);
const theirs = await program(bare.url, 'none');
for (const [atOnce, least] of [
  [1, 0.75],
  [16, 1],
] as const) {
  const paces = { ours: 0, theirs: 0 };
  await pace(ours, atOnce, rounds / 10);
  await pace(theirs, atOnce, rounds / 10);
  // In turns, so that what else the machine does falls on both.
  for (let i = 0; i < 5; i++) {
    paces.theirs += (await pace(theirs, atOnce, rounds / 5)) / 5;
    paces.ours += (await pace(ours, atOnce, rounds / 5)) / 5;
  }
  report({
    name: `a call by MCP, ${atOnce} at a time`,
    figure: `${paces.ours.toFixed(0)} calls/s, each durable`,
    compared: `${paces.theirs.toFixed(0)} calls/s of a bare server`,
    value: paces.ours / paces.theirs,
    aim: { atLeast: least },
  });
}

const followers = 200;
const plan = { subtasks: [{ id: 'a', role: 'runner', params: { command: ['true'] } }] };
const submitted = await ours.callTool({ name: 'submit_goal', arguments: { plan, wait: true } });
const { run_id } = submitted.structuredContent as { run_id: string };
let heard = 0;
const streams = await Promise.all(
  Array.from({ length: followers }, async () => {
    const client = await program(address ?? '', value);
    client.setNotificationHandler('notifications/resources/list_changed', () => void heard++);
    await client.listen({ resourcesListChanged: true, resourceSubscriptions: [`holdfast://runs/${run_id}`] });
    return client;
  }),
);
globalThis.gc?.();
const before = process.memoryUsage().rss;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
for (let i = 0; i < 5; i++) await ours.callTool({ name: 'submit_goal', arguments: { plan, wait: true } });
delay.disable();
const grown = (process.memoryUsage().rss - before) / 2 ** 20;
report({
  name: `${followers} that follow runs, while 5 are carried out`,
  figure: `event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
  compared: `${heard} notices, ${grown.toFixed(0)} MB more`,
  value: delay.percentile(99) / 1e6,
  aim: { atMost: 20 },
  unit: ' ms',
});

await Promise.all([...streams, ours, theirs].map((client) => client.close()));
bare.close();
await core.stop({ drain: false, reason: 'the bench is over' });
await rm(folder, { recursive: true, force: true });
process.exit(0);
