/**
 * A trivial tool called over HTTP with the official client, its token checked and its event durable before it acts,
 * against a bare server of the official kit of a year ago in the same run, with one of the present kit and one that puts a
 * row on the disk beside it; and two hundred that follow runs. The client, the built daemon and the bare servers are processes of their own, as they are
 * where people use them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pathsFor, systemPathSources } from '../electron/base/paths.ts';
import { connect } from '../electron/cli/client.ts';
import { usualMcpTools } from '../shared/mcp-tools.ts';
import { builtDaemon, residentMegabytes, start, stop } from './parts/daemons.ts';
import { median, quick, report } from './parts/report.ts';

const calls = quick ? 300 : 1500;
const turns = 5;
const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-mcp-'));
const loop = join(folder, 'loop');
const data = join(folder, 'data');
const environment = { XDG_CONFIG_HOME: folder, HOME: folder, HOLDFAST_LOOP_FILE: loop };
const daemon = await start(
  builtDaemon,
  ['--data', data, '--port', '0', '--no-open'],
  environment,
  new URL('./parts/loop-watch.mjs', import.meta.url),
);
const bare = await start(new URL('./parts/bare-mcp-server.ts', import.meta.url), []);
const bareDurable = await start(new URL('./parts/bare-mcp-server.ts', import.meta.url), [folder]);
const barePresent = await start(new URL('./parts/bare-present-mcp-server.ts', import.meta.url), []);
const own = systemPathSources();
const person = connect(
  pathsFor(data, { ...own, environment: { ...own.environment, ...environment }, home: folder }),
);

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

const asked = { name: 'get_agent_status', arguments: { run_id: 'run_of_nobody' } };

/** Calls in a second, so many at a time. */
async function pace(client: Client, atOnce: number): Promise<number> {
  let left = calls;
  const begun = performance.now();
  const one = async () => {
    while (left-- > 0) await client.callTool(asked);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (calls / (performance.now() - begun)) * 1000;
}

const { value } = await person.access.create({ name: 'bench', mcp });
const ours = await program(address ?? '', value);
const peers = {
  bare: await program(bare.line, 'none'),
  present: await program(barePresent.line, 'none'),
  durable: await program(bareDurable.line, 'none'),
};
for (const [atOnce, least] of [
  [1, 0.75],
  [16, 1],
] as const) {
  const clients = Object.entries({ ...peers, ours });
  const paces = new Map<string, number[]>(clients.map(([name]) => [name, []]));
  for (const [, client] of clients) await pace(client, atOnce);
  // In turns, so that what else the machine does falls on all.
  for (let i = 0; i < turns; i++)
    for (const [name, client] of clients) paces.get(name)!.push(await pace(client, atOnce));
  const [ourPace = 0, plain = 0, present = 0, durable = 0] = ['ours', 'bare', 'present', 'durable'].map(
    (name) => median(paces.get(name)!),
  );
  report({
    name: `a call by MCP, ${atOnce} at a time`,
    figure: `${ourPace.toFixed(0)} calls/s, each durable`,
    compared: `${plain.toFixed(0)} calls/s of a bare server, ${durable.toFixed(0)} where it puts a row on the disk, ${present.toFixed(0)} of one of the present kit`,
    value: ourPace / plain,
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
const before = residentMegabytes(daemon.process.pid!);
daemon.process.kill('SIGUSR2');
for (let i = 0; i < 5; i++) await ours.callTool({ name: 'submit_goal', arguments: { plan, wait: true } });
daemon.process.kill('SIGUSR2');
while (!existsSync(loop) || readFileSync(loop, 'utf8') === '')
  await new Promise((resolve) => setTimeout(resolve, 20));
const delay = Number(readFileSync(loop, 'utf8'));
const grown = residentMegabytes(daemon.process.pid!) - before;
report({
  name: `${followers} that follow runs, while 5 are carried out`,
  figure: `event loop p99 ${delay.toFixed(1)} ms`,
  compared: `${heard} notices, ${grown.toFixed(0)} MB more`,
  value: delay,
  aim: { atMost: 20 },
  unit: ' ms',
});

await Promise.all([...streams, ours, ...Object.values(peers)].map((client) => client.close()));
await Promise.all([daemon, bare, bareDurable, barePresent].map(stop));
await rm(folder, { recursive: true, force: true });
process.exit(0);
