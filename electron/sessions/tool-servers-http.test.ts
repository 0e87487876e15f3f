import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { never, operator } from './testing/some-sessions.ts';
import { officialServer } from './testing/official-server.ts';
import { serverWithSession } from './testing/server-with-session.ts';
import { someServers } from './testing/some-servers.ts';

async function serving(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const declared = (url: string, more: object = {}, kind = 'http') =>
  JSON.stringify({ transport: { kind, url, ...more }, timeoutSeconds: 10, mostBytes: 100_000 });

test.each([
  ['http', 'streamableHttp', 'mcp'],
  ['sse', 'sse', 'sse'],
] as const)(
  'the official server is called over %s, each connection on the record',
  async (kind, way, path) => {
    const { servers, events } = await someServers();
    const { port, said } = await officialServer(way);
    await servers.save('everything', declared(`http://127.0.0.1:${port}/${path}`, {}, kind), operator);
    const { row, tools } = await servers.start('everything');
    expect(row).toMatchObject({ state: 'ready', problem: null });
    expect(tools.map(({ name }) => name)).toContain('echo');
    expect(await servers.tryCall('everything', 'echo', { message: 'far' }, operator, never)).toMatchObject({
      ok: true,
      text: 'Echo: far',
    });
    await servers.stop('everything');
    if (kind === 'http') while (!said().includes('Received session termination request')) await pause(5);
    const opened = await events('connection.opened');
    expect(opened.map(({ data }) => data)).toContainEqual({ host: '127.0.0.1', port, address: '127.0.0.1' });
    expect(await events('connection.closed')).toHaveLength(opened.length);
  },
);

test('a server that keeps a session is told when it is over, and whatever becomes of that holds nobody up', async () => {
  const clock = new ManualClock(new Date());
  const { servers } = await someServers(clock);
  const told: (string | undefined)[] = [];
  const left: ServerResponse[] = [];
  const port = await serverWithSession(
    () => 'one',
    ({ method, session, response }) => {
      if (method !== 'DELETE') return response.writeHead(405).end();
      if (told.push(session) === 1) return response.writeHead(405).end();
      return left.push(response);
    },
  );
  await servers.save('far', declared(`http://127.0.0.1:${port}/mcp`), operator);
  const over = async () => {
    expect((await servers.start('far')).row.problem).toBeNull();
    return { stopped: servers.stop('far') };
  };
  await (
    await over()
  ).stopped;
  const { stopped } = await over();
  while (left.length === 0) await pause(5);
  clock.advance(1000);
  expect((await stopped).row).toMatchObject({ state: 'idle', problem: null });
  while (left[0]?.destroyed !== true) await pause(5);
  expect(told).toEqual(['one', 'one']);
});

test('headers come from secrets and go to that server alone, a redirect is not followed, and too much is too much', async () => {
  const { servers, vault, record } = await someServers();
  await vault.set('far-token', 'a-secret-value-of-some-length');
  const heard: (string | undefined)[] = [];
  const other = await serving((request, response) => {
    heard.push(`other: ${request.headers.authorization}`);
    response.end();
  });
  let mode: 'redirect' | 'huge' | 'refuse' = 'refuse';
  const port = await serving((request, response) => {
    heard.push(request.headers.authorization);
    request.resume();
    if (mode === 'redirect') {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end();
    } else if (mode === 'huge') {
      response.writeHead(200, { 'content-type': 'application/json' }).write('"');
      const more = () => response.write('x'.repeat(50_000), (failure) => failure ?? more());
      more();
    } else response.writeHead(500).end('no');
  });
  const headers = { Authorization: { secret: 'far-token', prefix: 'Bearer ' } };
  await servers.save('far', declared(`http://127.0.0.1:${port}/mcp`, { headers }), operator);
  const problem = async () => (await servers.start('far')).row.problem;
  expect(await problem()).toContain('cannot be spoken with');
  mode = 'redirect';
  expect(await problem()).not.toBe(null);
  mode = 'huge';
  expect(await problem()).toContain('more than 100,000 bytes');
  expect(new Set(heard)).toEqual(new Set(['Bearer a-secret-value-of-some-length']));
  await servers.save('private', declared('http://localhost:9/mcp'), operator);
  expect((await servers.start('private')).row.problem).toContain('of this machine or of a private network');
  const { events } = await record.query({ filter: {}, limit: 500 });
  expect(JSON.stringify(events)).not.toContain('a-secret-value');
  expect(JSON.stringify(await servers.page('far'))).not.toContain('a-secret-value');
});
