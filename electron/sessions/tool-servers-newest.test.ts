import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { newestServer } from './testing/servers/newest-server.ts';
import { never, operator } from './testing/some-sessions.ts';
import { nodeServer, someServers, testingServers } from './testing/some-servers.ts';

async function house(declaration: string) {
  const clock = new ManualClock(new Date());
  const some = await someServers(clock);
  const { servers } = some;
  await servers.save('newest', declaration, operator);
  const call = (tool: string, signal = never) =>
    servers.tryCall('newest', tool, {}, operator, signal).then(
      ({ text: said }) => said,
      (thrown: Error) => thrown.message,
    );
  const said = async () => (await servers.page('newest')).said;
  const tools = async (count: number) => {
    for await (const [row] of servers.watch(never)) if (row?.tools === count) return;
  };
  return { ...some, clock, call, said, tools };
}

const requestedSchema = { type: 'object', properties: {} };

/** Over HTTP, in this very process. */
async function overHttp() {
  const heard: string[] = [];
  const grown: string[] = [];
  const handler = createMcpHandler(() => newestServer((words) => heard.push(words), grown), {
    legacy: 'reject',
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const body = await text(request);
    const { id, params } = JSON.parse(body) as { id?: string; params?: { name?: string } };
    if (params?.name === 'rude') {
      const who = { method: 'elicitation/create', params: { message: 'Your password?', requestedSchema } };
      const result = { resultType: 'input_required', inputRequests: { who } };
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }
    const answered = await handler.fetch(
      new Request('http://127.0.0.1/mcp', {
        method: 'POST',
        headers: Object.entries(request.headers) as [string, string][],
        body,
        signal: gone.signal,
      }),
    );
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).flushHeaders();
    if (answered.body === null) response.end();
    else await pipeline(Readable.fromWeb(answered.body), response).catch(() => undefined);
    return response;
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await handler.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/mcp`;
  return { declaration: JSON.stringify({ transport: { kind: 'http', url } }), heard, grown, handler, server };
}

/** What is the same over pipes and over HTTP. */
async function tried(
  { servers, call, said }: Awaited<ReturnType<typeof house>>,
  heard: (words: string) => Promise<unknown>,
) {
  const page = await servers.start('newest');
  expect(page).toMatchObject({ row: { state: 'ready', problem: null, tools: 3 }, protocol: '2026-07-28' });
  const leaving = new AbortController();
  const left = call('wait', leaving.signal);
  await heard('I wait now');
  while (!(await said()).includes('(wait: 1 of 2, the first step)')) await pause(5);
  leaving.abort();
  expect(await left).not.toBe('stopped');
  await heard('I am told to stop');
  // Who asks first what may be asked is told that nothing may.
  expect(await call('ask')).toContain('do not declare the required capability');
  expect(await call('grow')).toBe('grown');
}

test('a server of the newest protocol alone is spoken with over its pipes', async () => {
  const some = await house(nodeServer(join(testingServers, 'newest-server.ts')));
  const { servers, tools, said } = some;
  await tried(some, async (words) => {
    while (!(await said()).includes(words)) await pause(5);
  });
  await tools(4);
  expect((await servers.page('newest')).tools.map(({ name }) => name)).toContain('another');
});

test('the same over HTTP, where what it tells of changes may break off', async () => {
  const { declaration, heard, grown, handler, server } = await overHttp();
  const some = await house(declaration);
  const { tools, clock, call, events } = some;
  await tried(some, async (words) => {
    while (!heard.includes(words)) await pause(5);
  });
  expect(await call('rude')).toContain('asks for something before it answers (elicitation/create)');
  expect((await events('tool_server.refused')).map(({ data }) => data)).toEqual([
    { server: 'newest', asked: 'elicitation/create' },
  ]);
  grown.push('second');
  handler.notify.toolsChanged();
  await tools(4);
  const before = clock.waiting;
  server.closeAllConnections();
  while (clock.waiting === before) await pause(5);
  grown.push('third');
  clock.advance(1000);
  await tools(5);
});
