import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { openSocket, overHttp } from './testing/callers.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

/** Procedures that change something, none of which can do with what follows. */
const changing = [
  'record/note',
  'record/erase',
  'record/rotateKey',
  'record/export',
  'access/create',
  'access/revoke',
  'access/admit',
  'secrets/set',
  'secrets/remove',
  'settings/set',
  'house/backup',
  'sessions/start',
  'sessions/input',
  'sessions/resize',
  'sessions/stop',
  'sessions/apply',
  'sessions/discard',
];
const others = [
  'record/query',
  'record/get',
  'nothing/here',
  '__proto__/constructor',
  'record',
  'record/__proto__',
  '%2e%2e/x',
  'record/note/x',
];
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'json', 'meta', 'text', 'then', ''];

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, true, -1, 1e308, '', 'a\u0000b', '\uD800', [], {}),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 5 })), tie('any'), {
      maxKeys: 4,
    }),
  ),
})).any;

/** Input that no procedure takes: never an object that says nothing wrong. */
const input = fc.oneof(
  fc.constantFrom<unknown>(1, 'text', [], [[]], false),
  value.map((wrong) => ({
    text: { wrong },
    zz: wrong,
    seq: wrong && 'x',
    name: [wrong],
    key: 1,
    token: {},
    ticket: 1,
    path: 0,
    reason: wrong && 1,
  })),
);
const meta = fc.array(
  fc.oneof(
    value,
    fc.tuple(
      fc.integer({ min: 0, max: 8 }),
      fc.constantFrom<unknown>(...keys, 0, -1),
      fc.constantFrom(...keys, 'polluted'),
    ),
  ),
  { maxLength: 4 },
);
const body = fc.oneof(
  fc.tuple(input, meta).map(([json, found]) => JSON.stringify({ json, meta: found })),
  fc
    .tuple(input, meta)
    .map(
      ([json, found]) =>
        `{"__proto__":{"polluted":1},"json":${JSON.stringify(json)},"meta":${JSON.stringify(found)}}`,
    ),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => `{${text}`),
  fc.constantFrom(
    '',
    '{',
    '[',
    '"',
    'null',
    '['.repeat(5000),
    `{"json":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
    'x'.repeat(1 << 21),
  ),
);
const path = fc.constantFrom(...changing, ...changing, ...others);
const type = fc.constantFrom(
  'application/json',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=b',
  'text/event-stream',
  '',
);

interface Harm {
  bytes: Buffer;
  over: 'tcp' | 'socket';
}

/** A request that is right in its form, or broken somewhere. */
const httpHarm = (house: TestHouse): fc.Arbitrary<Harm> => {
  const whole = fc
    .record({
      path,
      type,
      body,
      method: fc.constantFrom('POST', 'POST', 'PUT', 'GET', 'DELETE', 'BREW'),
      prefix: fc.constantFrom('/rpc/', '/rpc/', '/api/', '/'),
      extra: fc.constantFrom(
        '',
        'Transfer-Encoding: chunked\r\n',
        'Content-Length: 5\r\n',
        `X: ${'y'.repeat(20_000)}\r\n`,
        'Expect: 100-continue\r\n',
        'Content-Encoding: gzip\r\n',
        'Connection: Upgrade\r\nUpgrade: websocket\r\n',
        'Last-Event-Id: \u00FF\r\n',
      ),
    })
    .map((r) =>
      Buffer.from(
        `${r.method} ${r.prefix}${r.path} HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nAuthorization: Bearer ${house.token}\r\nContent-Type: ${r.type}\r\nContent-Length: ${Buffer.byteLength(r.body)}\r\nConnection: close\r\n${r.extra}\r\n${r.body}`,
      ),
    );
  const cutShort = fc
    .tuple(whole, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([bytes, part]) => bytes.subarray(0, Math.floor(bytes.length * part)));
  const flipped = fc
    .tuple(
      whole,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
    )
    .map(([bytes, flips]) => {
      // The head only: a changed letter of a body could turn it into a right one.
      const head = bytes.indexOf('\r\n\r\n');
      const copy = Buffer.from(bytes);
      for (const [at, byte] of flips) copy[at % head] = byte;
      return copy;
    });
  const noise = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  return fc.record({
    bytes: fc.oneof(whole, whole, cutShort, flipped, noise),
    over: fc.constantFrom('tcp', 'tcp', 'socket'),
  });
};

/** Sends it, says that nothing more comes, and waits until the house has answered or cut. */
function deliver(house: TestHouse, { bytes, over }: Harm): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = over === 'tcp' ? connect(house.port, '127.0.0.1') : connect(house.socket);
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

const message = fc.oneof(
  fc
    .record({
      i: fc.oneof(fc.string({ maxLength: 80 }), value),
      t: fc.oneof(fc.constantFrom(1, 2, 3, 4), value),
      p: fc.record({
        u: fc.oneof(
          path.map((p) => `/${p}`),
          value,
        ),
        b: fc.record({ json: input, meta }),
        h: fc.oneof(
          fc.constantFrom({}, { 'content-type': 'text/event-stream' }, { 'content-disposition': 'x' }),
          value,
        ),
        m: fc.oneof(fc.constantFrom('POST', 'GET'), value),
      }),
    })
    .map((m) => JSON.stringify(m)),
  value.map((v) => JSON.stringify(v) ?? 'undefined'),
  body,
);

/** Frames as the protocol has them, and as it has not: reserved bits, odd operations, lengths that lie, no mask. */
const frame = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x80, 0x85, 0xff, 0xfe, 0x00, 0x7f),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([first, second, rest]) => Buffer.from([first, second, ...rest]));

async function speak(
  house: TestHouse,
  messages: readonly string[],
  frames: readonly Buffer[],
): Promise<void> {
  const socket = openSocket(house, house.token);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  for (const text of messages) socket.send(text);
  const inner = (socket as unknown as { _socket: Socket })._socket;
  for (const bytes of frames) if (!inner.destroyed) inner.write(bytes);
  socket.close();
  inner.end();
  await closed;
}

/** All that the house knows, but for the refusals it counts. */
async function known(house: TestHouse): Promise<unknown> {
  const { events } = await house.record.query({ filter: {}, limit: 500 });
  const tables = ['tokens', 'settings', 'life'].map((table) =>
    house.record.rows(`SELECT * FROM ${table} ORDER BY 1`),
  );
  return {
    events: events.filter(({ kind }) => kind !== 'access.refused').map(({ id }) => id),
    tables,
    secrets: house.vault.list(),
  };
}

test(
  'whatever is sent in a wrong form changes nothing, and is answered or cut',
  { timeout: count(60_000, 3_600_000) },
  async () => {
    const house = await openTestHouse();
    const client = overHttp(house, house.token);
    await client.secrets.set({ name: 'kept', value: randomBytes(12).toString('hex') });
    await client.settings.set({ key: 'blobs.keepDays', value: 30 });
    const before = await known(house);

    await fc.assert(
      fc.asyncProperty(httpHarm(house), (harm) => deliver(house, harm)),
      { seed: 11, numRuns: count(220, 7_000), endOnFailure: true },
    );
    const conversation = fc.asyncProperty(
      fc.array(message, { maxLength: 4 }),
      fc.array(frame, { maxLength: 3 }),
      (messages, frames) => speak(house, messages, frames),
    );
    await fc.assert(conversation, { seed: 12, numRuns: count(80, 3_000), endOnFailure: true });

    expect(await known(house)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((await client.house.health()).ok).toBe(true);
    const refusals = await house.record.query({ filter: { kinds: ['access.refused'] }, limit: 500 });
    expect(refusals.events.length).toBeLessThan(20 + house.record.state().size / 2);
    expect((await client.house.doctor({ rebuild: true })).rebuilt?.differences).toBe(0);
  },
);
