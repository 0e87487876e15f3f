import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ending, openSocket, overHttp, until } from './testing/callers.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

interface Sent {
  headers?: Record<string, string>;
  method?: string;
  path?: string;
  body?: string;
}

/** Sends exactly these headers, which `fetch` would not let a caller choose. */
function send(
  house: TestHouse,
  { headers = {}, method = 'POST', path = '/rpc/record/note', body }: Sent,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: house.port,
        method,
        path,
        headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json', ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.once('error', reject);
    sent.end(body ?? '{"json":{"text":"from elsewhere"}}');
  });
}

/** The first line that answers raw bytes. */
function raw(house: TestHouse, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(house.port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve('cut'));
  });
}

async function notes(house: TestHouse): Promise<number> {
  return (await house.record.query({ filter: { kinds: ['record.noted'] }, limit: 100 })).events.length;
}

test('a name that leads here by rebinding is refused, whatever it knows', async () => {
  const house = await openTestHouse();
  const { port } = house;
  const foreign = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1.evil.example:${port}`,
    `0.0.0.0:${port}`,
    `[::]:${port}`,
  ];
  for (const host of foreign) {
    expect([host, await send(house, { headers: { host } })]).toEqual([host, 403]);
    const page = await send(house, { headers: { host }, method: 'GET', path: '/', body: '' });
    expect([host, page]).toEqual([host, 403]);
    expect([host, await ending(openSocket(house, house.token, { host }))]).toEqual([host, 403]);
  }
  const ours = `GET /openapi.json HTTP/1.1\r\nAuthorization: Bearer ${house.token}\r\nConnection: close\r\n`;
  const good = `Host: 127.0.0.1:${port}\r\n`;
  expect(await raw(house, `${ours}${good}\r\n`)).toBe('HTTP/1.1 200 OK');
  expect(await raw(house, `${ours}${good}Host: evil.example\r\n\r\n`)).toBe('HTTP/1.1 403 Forbidden');
  expect(await raw(house, `${ours.replace('/openapi', 'http://evil.example/openapi')}${good}\r\n`)).toBe(
    'HTTP/1.1 403 Forbidden',
  );
  expect(await raw(house, `${ours}Host:\r\n\r\n`)).toBe('HTTP/1.1 403 Forbidden');
  expect(await raw(house, `${ours}\r\n`)).toBe('HTTP/1.1 400 Bad Request');
  expect(await notes(house)).toBe(0);
  for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
    expect([name, await send(house, { headers: { host: `${name}:${port}` } })]).toEqual([name, 200]);
  }
  await until(
    async () => (await house.record.query({ filter: { text: 'foreign' }, limit: 9 })).events.length > 0,
  );
});

test('a page of another site reaches nothing: no call, no WebSocket, no form', async () => {
  const house = await openTestHouse();
  const { port } = house;
  const origins = [
    'https://evil.example',
    'null',
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    'http://127.0.0.1',
    `http://localhost.evil.example:${port}`,
  ];
  for (const origin of origins) {
    expect([origin, await send(house, { headers: { origin } })]).toEqual([origin, 403]);
    expect([origin, await ending(openSocket(house, house.token, { origin }))]).toEqual([origin, 403]);
  }
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ]) {
    expect([type, await send(house, { headers: { 'content-type': type } })]).toEqual([type, 400]);
  }
  expect(await send(house, { headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
  expect(
    await send(house, {
      method: 'GET',
      path: '/rpc/record/note?data=%7B%22json%22%3A%7B%22text%22%3A%22x%22%7D%7D',
      body: '',
    }),
  ).toBe(400);
  const preflight = await fetch(`${house.address}/rpc/record/note`, { method: 'OPTIONS' });
  expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(await notes(house)).toBe(0);
  expect(await send(house, { headers: { origin: house.address } })).toBe(200);
});

test('a development server’s pages get in only where they were named', async () => {
  const devOrigin = 'http://localhost:5173';
  const closed = await openTestHouse();
  const open = await openTestHouse({ devOrigin });
  expect(await send(closed, { headers: { origin: devOrigin } })).toBe(403);
  expect(await send(open, { headers: { origin: devOrigin } })).toBe(200);
});

test('a WebSocket needs its token as a subprotocol, and nothing else opens one', async () => {
  const house = await openTestHouse();
  expect(await ending(openSocket(house, 'hf_wrong'))).toBe(401);
  expect(
    await raw(
      house,
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    ),
  ).toBe('HTTP/1.1 401 Unauthorized');
  const socket = openSocket(house, house.token);
  await new Promise((resolve) => socket.once('open', resolve));
  expect(socket.protocol).toBe('holdfast.v1');
});

test('only health, the exchange of a ticket and the pages answer without a token', async () => {
  const house = await openTestHouse();
  expect((await overHttp(house).house.health()).ok).toBe(true);
  expect((await fetch(`${house.address}/api/health`)).status).toBe(200);
  expect((await fetch(`${house.address}/openapi.json`)).status).toBe(401);
  expect((await fetch(`${house.address}/api/status`)).status).toBe(401);
});

test('nobody without a token makes us hold a large body', async () => {
  const house = await openTestHouse();
  const head = `POST /rpc/record/note HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nContent-Type: application/json\r\n`;
  const unfinished = `${head}Content-Length: 500000\r\n\r\n`;
  expect(await raw(house, unfinished)).toContain('401');
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n2000\r\n${' '.repeat(0x2000)}\r\n`;
  expect(await raw(house, chunked)).toContain('401');
});
