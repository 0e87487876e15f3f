import { request as httpRequest } from 'node:http';
import { isContractProcedure } from '@orpc/contract';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { mostAttachedBytes } from '../../shared/attachment-limits.ts';
import { contract } from '../../shared/contract/contract.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { GatewayPort } from './port.ts';
import { type Client, openSocket, overHttp, overSocket, problemFrom } from './testing/callers.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

/** A port as Electron's main process has it, made of Node's. */
function overPort(house: TestHouse): Client {
  const { port1, port2 } = new MessageChannel();
  const port: GatewayPort = {
    postMessage: (message) => port1.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      port1.on(event as 'message', (data: unknown) => listener({ data })),
    start: () => port1.start(),
    close: () => port1.close(),
  };
  house.gateway.attachPort(port, {
    kind: 'operator',
    name: 'window',
    token: null,
    procedures: null,
    mcp: null,
  });
  onTestFinished(() => port1.close());
  return createORPCClient(new PortLink({ port: port2 }));
}

interface Said {
  status: number;
  body: unknown;
}

function overUnixSocket(house: TestHouse, path: string, body: string, headers = {}): Promise<Said> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        socketPath: house.socket,
        method: 'POST',
        path,
        headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }),
        );
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

test('the same problem comes back by every way in, with its code, its sentence and its mend', async () => {
  const house = await openTestHouse();
  const socket = openSocket(house, house.token);
  const ways = { http: overHttp(house, house.token), socket: overSocket(socket), port: overPort(house) };
  for (const [way, client] of Object.entries(ways)) {
    const { code, message, mend } = await problemFrom(client.access.revoke({ token: 'tok_none' }));
    expect([way, code, message, mend]).toEqual([
      way,
      'not_found',
      'There is no token “tok_none”.',
      'List them with `holdfast token list`.',
    ]);
    const wrong = await problemFrom(client.record.query({ limit: 0, filter: { nonsense: 1 } as object }));
    expect([way, wrong.code]).toEqual([way, 'invalid_input']);
    expect(wrong.message).toContain('limit: ');
    expect(wrong.message).toContain('filter: ');
    const noted = await client.record.note({ text: way });
    expect(noted.data).toEqual({ text: way });
  }
  const said = await overUnixSocket(house, '/api/record/notes', '{"text":""}');
  expect(said).toMatchObject({
    status: 400,
    body: { code: 'invalid_input', message: expect.stringContaining('text: ') as string },
  });
  expect(await overUnixSocket(house, '/api/record/notes', '{"text":"by socket"}')).toMatchObject({
    status: 200,
  });
  expect(
    (await overUnixSocket(house, '/api/record/notes', '{"text":"x"}', { origin: 'http://127.0.0.1' })).status,
  ).toBe(403);
});

test('what is nested without end is the mistake of whoever sends it, by every way in', async () => {
  const house = await openTestHouse();
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const plan = (levels: number) =>
    `{"invocation":{"kind":"plan","plan":{"subtasks":[{"id":"a","role":"runner","params":{"a":${nested(levels)}}}]}}}`;
  const ways = [overHttp(house, house.token), overSocket(openSocket(house, house.token)), overPort(house)];
  for (const client of ways) {
    type Wish = Parameters<Client['runs']['preview']>[0];
    const { code, message } = await problemFrom(client.runs.preview(JSON.parse(plan(500)) as Wish));
    expect([code, message]).toEqual(['invalid_input', expect.stringContaining('nested too deeply')]);
  }
  const said = [
    await overUnixSocket(house, '/api/runs/preview', plan(100_000)),
    await overUnixSocket(house, '/rpc/runs/preview', `{"json":${plan(100_000)}}`),
  ];
  for (const { status, body } of said) {
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('nested too deeply');
  }
});

test('who did it stands on the event, from the token and not from the request', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  const { value, token } = await operator.access.create({ name: 'second', caller: 'operator' });
  const noted = await overHttp(house, value).record.note({ text: 'x' });
  expect(noted.actor).toEqual({ kind: 'operator', id: token.id });
  const claimed = await problemFrom(
    operator.record.note({ text: 'x', actor: { kind: 'system' } } as { text: string }),
  );
  expect(claimed.code).toBe('invalid_input');
  expect((await overPort(house).record.note({ text: 'x' })).actor).toEqual({ kind: 'operator' });
});

/** A record some of whose answers go wrong. */
async function faultyRecord(): Promise<AuditRecord> {
  const { record } = await openTestHouse();
  return new Proxy(record, {
    get(target, name) {
      if (name === 'checkpoint') return () => Promise.reject(new Error('at /home/somebody/secret.ts:1'));
      if (name === 'prune') return () => Promise.resolve({ count: 'many', bytes: 0 });
      if (name === 'rotateKey')
        return () => Promise.reject(new Problem('storage_full', 'No room.', 'Make some.'));
      if (name === 'verify') {
        return async function* () {
          yield { progress: { phase: 'begun', done: 0, total: 1 } };
          throw new Error('inside');
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

test('what nobody foresaw is logged and told without its insides, also in the middle of a stream', async () => {
  const lines: string[] = [];
  const house = await openTestHouse({
    record: await faultyRecord(),
    log: pino({ level: 'error' }, { write: (line) => lines.push(line) }),
  });
  for (const client of [overHttp(house, house.token), overSocket(openSocket(house, house.token))]) {
    lines.length = 0;
    expect((await problemFrom(client.record.checkpoint())).details()).toEqual({
      code: 'internal',
      message: 'Something failed inside Holdfast.',
      mend: 'The log says more; `holdfast doctor` looks for the usual causes.',
    });
    expect(lines.join('')).toContain('/home/somebody/secret.ts');
    expect((await problemFrom(client.record.prune({}))).code).toBe('internal');
    expect((await problemFrom(client.record.rotateKey({ reason: 'x' }))).code).toBe('storage_full');
    const stream = await client.record.verify({});
    expect((await stream.next()).value).toEqual({ progress: { phase: 'begun', done: 0, total: 1 } });
    expect((await problemFrom(stream.next())).code).toBe('internal');
  }
});

test('the OpenAPI document is made from the contract and names every procedure’s route', async () => {
  const house = await openTestHouse();
  const headers = { authorization: `Bearer ${house.token}` };
  const document = (await (await fetch(`${house.address}/openapi.json`, { headers })).json()) as {
    paths: Record<string, object>;
  };
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const wanted = Object.values(contract).flatMap((part) =>
    Object.values(part)
      .filter((procedure) => isContractProcedure(procedure))
      .map(({ '~orpc': { route } }) => `${route.method} ${route.path}`),
  );
  expect(routes.toSorted()).toEqual(wanted.toSorted());
  expect(document.paths['/health']).toMatchObject({ get: { security: [] } });
  const found = (await (await fetch(`${house.address}/api/record/events/0`, { headers })).json()) as {
    event: { kind: string };
  };
  expect(found.event.kind).toBe('log.created');
});

test('a body beyond the limit is refused before it is read', async () => {
  const house = await openTestHouse({ limits: { bodyBytes: 10_000 } });
  const { size } = house.record.state();
  const large = 'x'.repeat(20_000);
  expect((await problemFrom(overHttp(house, house.token).record.note({ text: large }))).code).toBe(
    'too_large',
  );
  const chunked = await fetch(`${house.address}/rpc/record/note`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
    body: new Blob([`{"json":{"text":"${large}"}}`]).stream(),
    duplex: 'half',
  }).then(
    ({ status }) => status,
    () => 'cut',
  );
  expect([413, 'cut']).toContain(chunked);
  const socket = openSocket(house, house.token);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.once('open', () => socket.send(large));
  expect(await closed).toBe(1009);
  expect(house.record.state().size).toBe(size);
});

test('the person may hand in files in larger bodies, to the procedures that take them alone', async () => {
  const house = await openTestHouse({ limits: { bodyBytes: 10_000, fileBytes: 100_000 } });
  const socket = openSocket(house, house.token);
  const ways = { http: overHttp(house, house.token), socket: overSocket(socket), port: overPort(house) };
  const wish = (bytes: number) => ({
    agent: 'mender',
    attachments: [{ name: 'tide.bin', data: Buffer.alloc(bytes).toString('base64') }],
  });
  for (const client of Object.values(ways)) {
    expect((await problemFrom(client.work.start(wish(40_000)))).message).toBe('There is none here.');
    expect((await problemFrom(client.work.start(wish(120_000)))).code).toMatch(/too_large|unreachable/);
  }
  for (const client of [ways.http, overSocket(openSocket(house, house.token)), ways.port]) {
    expect((await problemFrom(client.record.note({ text: 'x'.repeat(20_000) }))).code).toBe('too_large');
  }
  const api = await fetch(`${house.address}/api/work`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(wish(40_000)),
  });
  expect(api.status).toBe(503);
  const { value: token } = await ways.http.access.create({ name: 'other', caller: 'client' });
  expect((await problemFrom(overHttp(house, token).work.start(wish(40_000)))).code).toBe('too_large');
  const other = openSocket(house, token);
  const closed = new Promise((resolve) => other.once('close', resolve));
  other.once('open', () => other.send('x'.repeat(20_000)));
  expect(await closed).toBe(1009);
});

test('as much as may be attached fits into one call by every way in', async () => {
  const house = await openTestHouse();
  const socket = openSocket(house, house.token);
  const ways = { http: overHttp(house, house.token), socket: overSocket(socket), port: overPort(house) };
  const data = Buffer.alloc(mostAttachedBytes / 2, 200).toString('base64');
  const wish = { agent: 'mender', attachments: ['one', 'two'].map((name) => ({ name, data })) };
  for (const client of Object.values(ways))
    expect((await problemFrom(client.work.start(wish))).message).toBe('There is none here.');
});

test('so many calls at once on one connection, and no more', async () => {
  const house = await openTestHouse({ limits: { inFlight: 5 } });
  const client = overSocket(openSocket(house, house.token));
  const followers = await Promise.all(Array.from({ length: 5 }, () => client.record.follow({})));
  expect((await problemFrom(client.record.state())).code).toBe('too_many');
  await followers[0]!.return(undefined);
  const again = async (): Promise<boolean> =>
    client.record.state().then(
      () => true,
      () => false,
    );
  while (!(await again()));
});

test('secrets go in and never come out, and their events name them only', async () => {
  const house = await openTestHouse();
  const client = overHttp(house, house.token);
  await client.secrets.set({ name: 'provider.key', value: 'sk-very-secret-value' });
  expect((await client.secrets.list()).secrets.map(({ name }) => name)).toEqual(['provider.key']);
  expect((await client.record.note({ text: 'it was sk-very-secret-value' })).data).not.toEqual({
    text: 'it was sk-very-secret-value',
  });
  expect((await problemFrom(client.secrets.set({ name: '.signing', value: 'abcdefgh' }))).code).toBe(
    'invalid_input',
  );
  await client.secrets.remove({ name: 'provider.key' });
  expect((await problemFrom(client.secrets.remove({ name: 'provider.key' }))).code).toBe('not_found');
});

test('a setting is checked by its own rule, and changing it is an event', async () => {
  const house = await openTestHouse();
  const client = overHttp(house, house.token);
  expect(await client.settings.set({ key: 'blobs.keepDays', value: 30 })).toMatchObject({
    'blobs.keepDays': 30,
  });
  const refused = await problemFrom(client.settings.set({ key: 'blobs.keepDays', value: 'long' }));
  expect([refused.code, refused.message]).toEqual([
    'invalid_input',
    expect.stringContaining('blobs.keepDays: '),
  ]);
  expect(await client.settings.get()).toMatchObject({ 'blobs.keepDays': 30 });
});
