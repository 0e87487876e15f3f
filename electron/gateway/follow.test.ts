import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { encodeRequestMessage, MessageType } from '@orpc/standard-server-peer';
import { get, type IncomingMessage } from 'node:http';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Status } from '../../shared/contract/house.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { acknowledging, type Taken } from '../../shared/port-credit.ts';
import type { AuditRecord } from '../audit/record.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { count } from '../base/test-counts.ts';
import {
  type Client,
  ending,
  openSocket,
  overHttp,
  overSocket,
  problemFrom,
  until,
} from './testing/callers.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

const remark = (text: string) =>
  ({ kind: 'record.noted', actor: { kind: 'operator' }, data: { text } }) as const;

/** Follows from a number on over a new connection, until so many batches came or the last wanted event did; then the connection is cut. */
async function followUntilCut(
  house: TestHouse,
  from: number,
  batches: number,
  last: number,
): Promise<{ events: RecordedEvent[]; next: number }> {
  const socket = openSocket(house, house.token);
  const events: RecordedEvent[] = [];
  let next = from;
  let left = batches;
  try {
    for await (const batch of await overSocket(socket).record.follow({ from })) {
      events.push(...batch.events);
      ({ next } = batch);
      if (--left <= 0 || next > last) break;
    }
  } finally {
    socket.terminate();
  }
  return { events, next };
}

test('a follower whose connection is cut at random misses nothing and sees nothing twice', async () => {
  const house = await openTestHouse();
  const property = fc.asyncProperty(
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
    async (bursts, patience) => {
      const from = house.record.state().size;
      const last = from + bursts.reduce((sum, burst) => sum + burst, 0) - 1;
      const writing = (async () => {
        for (const burst of bursts) {
          await house.record.appendAll(Array.from({ length: burst }, (_, i) => remark(`remark ${i}`)));
        }
      })();
      const seen: number[] = [];
      for (let cut = 0, next = from; next <= last; cut++) {
        const part = await followUntilCut(house, next, patience[cut % patience.length]!, last);
        seen.push(...part.events.map(({ seq }) => seq));
        ({ next } = part);
      }
      await writing;
      expect(seen).toEqual(Array.from({ length: last - from + 1 }, (_, i) => from + i));
    },
  );
  await fc.assert(property, { seed: 7, numRuns: count(15, 300), endOnFailure: true });
});

/** The same record, counting what followers take from it. */
function counted(record: AuditRecord): { record: AuditRecord; pulled: () => number } {
  let pulled = 0;
  const counting = new Proxy(record, {
    get(target, name) {
      if (name === 'follow') {
        return async function* (...given: Parameters<AuditRecord['follow']>) {
          for await (const batch of target.follow(...given)) {
            pulled += batch.events.length;
            yield batch;
          }
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  return { record: counting, pulled: () => pulled };
}

const many = 50_000;

async function fill(record: AuditRecord): Promise<void> {
  const text = 'x'.repeat(1000);
  const thousand = Array.from({ length: 1000 }, () => remark(text));
  while (record.state().size < many) await record.appendAll(thousand);
}

/** Resolves when nothing more is taken: the number stays while the event loop turns. */
async function settled(value: () => number): Promise<number> {
  let before = -1;
  for (let same = 0; same < 40; same = value() === before ? same + 1 : 0) {
    before = value();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return before;
}

test('followers that do not read cost no memory, are cut off, and go on by number', async () => {
  const clock = new ManualClock(new Date());
  const inner = await openTestHouse();
  const { record, pulled } = counted(inner.record);
  const house = await openTestHouse({ clock, record });

  const socket = openSocket(house, house.token);
  const closed = ending(socket);
  const stuck = await overSocket(socket).record.follow({ from: 0 });
  await stuck.next();
  socket.pause();
  const headers = { authorization: `Bearer ${house.token}` };
  const request = get({ host: '127.0.0.1', port: house.port, path: '/api/record/follow?from=0', headers });
  onTestFinished(() => void request.destroy());
  const cut = new Promise((resolve) => request.once('close', resolve));
  request.on('error', () => undefined);
  const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  response.pause();
  response.on('error', () => undefined);
  expect(house.record.followers()).toBe(2);

  await fill(record);
  const taken = await settled(pulled);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(many);

  clock.advance(29_000);
  expect(house.record.followers()).toBe(2);
  clock.advance(1_000);
  clock.advance(2_000);
  await until(() => house.record.followers() === 0);
  socket.resume();
  expect([4008, 1006]).toContain(await closed);
  response.resume();
  await cut;

  const rest = await followUntilCut(house, 40_000, Infinity, many - 1);
  expect(rest.events.map(({ seq }) => seq)).toEqual(
    Array.from({ length: rest.next - 40_000 }, (_, i) => 40_000 + i),
  );
});

test('a window that is frozen costs no memory, goes on where it was, and is cut off when it stays so', async () => {
  const clock = new ManualClock(new Date());
  const inner = await openTestHouse();
  const { record, pulled } = counted(inner.record);
  const house = await openTestHouse({ clock, record });
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  let open = true;
  house.gateway.attachPort(
    {
      postMessage: (message) => port1.postMessage(message),
      on: (event: string, listener: (event: { data: unknown }) => void) =>
        port1.on(event as 'message', (data: unknown) => {
          if (event === 'close') open = false;
          listener({ data });
        }),
      start: () => port1.start(),
      close: () => port1.close(),
    },
    { kind: 'operator', name: 'window', token: null, procedures: null, mcp: null },
  );
  const seen: number[] = [];
  let frozen = true;
  const owed: Taken[] = [];
  const say = (taken: Taken) => void (frozen ? owed.push(taken) : port2.postMessage(taken));
  port2.on('message', acknowledging(say));
  const client: Client = createORPCClient(new RPCLink({ port: port2 }));
  void (async () => {
    for await (const { events } of await client.record.follow({ from: 0 })) {
      seen.push(...events.map(({ seq }) => seq));
    }
  })().catch(() => undefined);

  await fill(record);
  const taken = await settled(pulled);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(many);

  frozen = false;
  for (const each of owed.splice(0)) port2.postMessage(each);
  await until(() => seen.length === record.state().size);
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i));

  frozen = true;
  await record.appendAll(Array.from({ length: 1000 }, () => remark('x'.repeat(2000))));
  await record.appendAll(Array.from({ length: 1000 }, () => remark('x'.repeat(2000))));
  await settled(pulled);
  clock.advance(31_000);
  await until(() => !open);
  expect(house.record.followers()).toBe(0);
});

test('a watcher gets the state, then changes, several as one, and nothing while nothing happens', async () => {
  const clock = new ManualClock(new Date());
  const house = await openTestHouse({ clock });
  const states = await overHttp(house, house.token).house.watch();
  const next = async (): Promise<Status> => (await states.next()).value as Status;
  const first = await next();
  expect(first.machine.map(({ id }) => id)).toContain('data');
  const second = next();
  for (let i = 0; i < 20; i++) await house.record.append(remark(`${i}`));
  clock.advance(100);
  expect((await second).record.size).toBe(first.record.size + 20);
  let third: number | undefined;
  const waiting = next().then((state) => (third = state.record.size));
  clock.advance(3_600_000);
  await settled(() => third ?? 0);
  expect(third).toBeUndefined();
  await house.record.append(remark('again'));
  await waiting;
  expect(third).toBe(first.record.size + 21);
  await states.return(undefined);
});

test('an end of the house that drains finishes what runs, ends followers and takes nothing new', async () => {
  const inner = await openTestHouse();
  const signing = Promise.withResolvers<void>();
  let began = false;
  const slow = new Proxy(inner.record, {
    get(target, name) {
      if (name === 'checkpoint') {
        return async () => {
          began = true;
          await signing.promise;
          return target.checkpoint();
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const house = await openTestHouse({ record: slow });
  const socket = openSocket(house, house.token);
  const closed = ending(socket);
  const client = overSocket(socket);
  const follower = await client.record.follow({});
  const ended = follower.next();
  const running = client.record.checkpoint();
  await until(() => began);
  const closing = house.gateway.close();
  expect((await ended).done).toBe(true);
  expect((await problemFrom(client.record.state())).code).toBe('unavailable');
  signing.resolve();
  expect((await running).size).toBe(house.record.state().size);
  await closing;
  expect(await closed).toBe(1001);
  await expect(fetch(`${house.address}/api/health`)).rejects.toThrow();
});

test('a follower that leaves before it was answered is none', async () => {
  const house = await openTestHouse();
  const socket = openSocket(house, house.token);
  const client = overSocket(socket);
  await client.record.state();
  const url = new URL('orpc://localhost/record/follow');
  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      encodeRequestMessage(`left-${i}`, MessageType.REQUEST, {
        url,
        headers: {},
        method: 'POST',
        body: { json: {} },
      }),
    ),
  );
  const left = await Promise.all(
    asked.map((_, i) => encodeRequestMessage(`left-${i}`, MessageType.ABORT_SIGNAL, undefined)),
  );
  for (const [i, request] of asked.entries()) {
    socket.send(request as string);
    socket.send(left[i] as string);
  }
  await client.record.state();
  await until(() => house.record.followers() === 0);
  expect(await client.record.state()).toBeDefined();
});
