import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import type { EgressEvent, EgressGate } from './egress.ts';
import { openEgress } from './open-egress.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function greeter(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).end('hello'));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function gate(granted: readonly string[], addresses: readonly string[] = []) {
  const told: EgressEvent[] = [];
  const made: EgressGate = {
    allow: (host) =>
      granted.includes(host)
        ? Promise.resolve()
        : Promise.reject(new Problem('forbidden', `${host} is not granted.`)),
    allowsAddress: (address) => addresses.includes(address),
    told: (happened) => void told.push(happened),
    whenEnded: () => undefined,
  };
  return { told, made };
}

test('a granted address is connected to, and its bytes are told when it closes', async () => {
  const port = await greeter();
  const { told, made } = gate(['127.0.0.1'], ['127.0.0.1']);
  const socket = await openEgress(made).open('127.0.0.1', port);
  const closed = once(socket, 'close');
  socket.end('abc');
  expect(await text(socket)).toBe('hello');
  await closed;
  expect(told).toMatchObject([
    { what: 'connected', host: '127.0.0.1', port, address: '127.0.0.1' },
    { what: 'closed', id: 1, sent: 3, received: 5 },
  ]);
});

test('what the gate refuses is not even resolved', async () => {
  const { made } = gate([]);
  const asked: string[] = [];
  const egress = openEgress(made, (host) => (asked.push(host), Promise.resolve([])));
  await expect(egress.open('example.org', 443)).rejects.toThrow('example.org is not granted.');
  expect(asked).toEqual([]);
});

test('a granted name that leads to this machine, a private network or the metadata service is refused with the mend', async () => {
  for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.7.7', '0.0.0.0']) {
    const { told, made } = gate(['rebound.example']);
    const egress = openEgress(made, () => Promise.resolve([{ address, family: 4 }]));
    const refused = await egress.open('rebound.example', 80).catch((thrown: unknown) => thrown as Problem);
    expect(refused).toMatchObject({
      code: 'forbidden',
      message: `rebound.example leads to ${address}, which is an address of this machine or of a private network.`,
      mend: `Allow ${address} itself where that is meant.`,
    });
    expect(told).toMatchObject([{ what: 'refused', host: 'rebound.example' }]);
  }
});

test('a name that answers differently the next time is connected to where it was checked', async () => {
  const port = await greeter();
  const answers = ['127.0.0.1', '127.0.0.99', '127.0.0.98'];
  let asked = 0;
  const { told, made } = gate(['changing.example'], ['127.0.0.1']);
  const egress = openEgress(made, () => Promise.resolve([{ address: answers[asked++]!, family: 4 }]));
  const socket = await egress.open('changing.example', port);
  expect(await text(socket)).toBe('hello');
  expect([asked, told[0]]).toMatchObject([1, { what: 'connected', address: '127.0.0.1' }]);
  await expect(egress.open('changing.example', port)).rejects.toMatchObject({ code: 'forbidden' });
});

test('of several addresses only those are tried that are allowed', async () => {
  const port = await greeter();
  const { made } = gate(['both.example'], ['127.0.0.1']);
  const found = ['10.9.9.9', '127.0.0.1'].map((address) => ({ address, family: 4 }));
  const socket = await openEgress(made, () => Promise.resolve(found)).open('both.example', port);
  expect(await text(socket)).toBe('hello');
});

test('what cannot be found or reached is told in words', async () => {
  const { told, made } = gate(['gone.example', '127.0.0.1'], ['127.0.0.1']);
  const failing = openEgress(made, () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })));
  await expect(failing.open('gone.example', 80)).rejects.toThrow('“gone.example” is not found (ENOTFOUND).');
  await expect(openEgress(made).open('127.0.0.1', 1)).rejects.toThrow('cannot be reached (ECONNREFUSED)');
  expect(told.map(({ what }) => what)).toEqual(['refused', 'refused']);
});

test('cutting ends every connection', async () => {
  const server = createServer(() => undefined);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { made } = gate(['127.0.0.1'], ['127.0.0.1']);
  const egress = openEgress(made);
  const sockets = await Promise.all(
    [1, 2, 3].map(() => egress.open('127.0.0.1', (server.address() as AddressInfo).port)),
  );
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  egress.cut();
  expect(await closed).toHaveLength(3);
});

test('a connection that is cut while it is being made does not live on', async () => {
  const port = await greeter();
  const { made } = gate(['slow.example'], ['127.0.0.1']);
  const answer = Promise.withResolvers<{ address: string; family: number }[]>();
  const asked = Promise.withResolvers<void>();
  const egress = openEgress(made, () => (asked.resolve(), answer.promise));
  const opening = egress.open('slow.example', port);
  await asked.promise;
  egress.cut();
  answer.resolve([{ address: '127.0.0.1', family: 4 }]);
  expect((await opening).destroyed).toBe(true);
});

test('names are resolved one at a time, and no more once it is cut', async () => {
  const { made } = gate(['a.example', 'b.example', 'c.example']);
  const asked: { host: string; answer: PromiseWithResolvers<never[]> }[] = [];
  const egress = openEgress(made, (host) => {
    const answer = Promise.withResolvers<never[]>();
    asked.push({ host, answer });
    return answer.promise;
  });
  const opening = ['a.example', 'b.example', 'c.example'].map((host) =>
    egress.open(host, 443).catch((thrown: unknown) => Problem.of(thrown).message),
  );
  while (asked.length === 0) await Promise.resolve();
  expect(asked.map(({ host }) => host)).toEqual(['a.example']);
  asked[0]?.answer.resolve([]);
  expect(await opening[0]).toContain('has no address');
  while (asked.length < 2) await Promise.resolve();
  egress.cut();
  asked[1]?.answer.resolve([]);
  await Promise.all(opening);
  expect(asked.map(({ host }) => host)).toEqual(['a.example', 'b.example']);
});

test('a program that connects without end waits for its turn, so that it does not fill the record', async () => {
  const { made } = gate(['127.0.0.1'], ['127.0.0.1']);
  const waits: PromiseWithResolvers<void>[] = [];
  const egress = openEgress(made, undefined, () => {
    waits.push(Promise.withResolvers<void>());
    return waits.at(-1)!.promise;
  });
  // Nobody listens there: what gets its turn is told so.
  const open = () => egress.open('127.0.0.1', 1).catch((thrown: unknown) => Problem.of(thrown).message);
  for (let each = 0; each < 3; each++) await Promise.all(Array.from({ length: 100 }, open));
  expect(waits).toEqual([]);
  const more: Promise<unknown>[] = [];
  while (waits.length === 0) {
    more.push(open());
    await new Promise(setImmediate);
  }
  egress.cut();
  for (const one of waits) one.resolve();
  expect(await Promise.all(more)).toContain('The sandbox has ended.');
});
