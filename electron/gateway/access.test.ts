import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isContractProcedure } from '@orpc/contract';
import { expect, test } from 'vitest';
import { contract } from '../../shared/contract/contract.ts';
import type { ProcedureMeta } from '../../shared/contract/procedure.ts';
import { systemClock } from '../base/clock.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { keepOperatorToken } from './operator-token.ts';
import { ending, openSocket, overHttp, overSocket, problemFrom, until } from './testing/callers.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';
import { Tokens } from './tokens.ts';

interface Named {
  name: string;
  path: string;
  meta: ProcedureMeta;
}

const procedures: Named[] = Object.entries(contract).flatMap(([part, members]) =>
  Object.entries(members).flatMap(([member, procedure]) =>
    isContractProcedure(procedure)
      ? [
          {
            name: `${part}.${member}`,
            path: `${part}/${member}`,
            meta: procedure['~orpc'].meta as ProcedureMeta,
          },
        ]
      : [],
  ),
);

/** Asks with nothing, so that whoever is let in gets no further than the check of the input. */
async function answer(house: TestHouse, path: string, token?: string): Promise<string> {
  const response = await fetch(`${house.address}/rpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: '{"json":{"unknown":1}}',
  });
  await response.body?.cancel();
  return response.status === 401 ? 'unauthorized' : response.status === 403 ? 'forbidden' : 'admitted';
}

test('every procedure of the contract says who may call it, and nobody else gets in', async () => {
  const house = await openTestHouse();
  const client = overHttp(house, house.token);
  const outside = await client.access.create({ name: 'outside', caller: 'client' });
  const narrow = await client.access.create({
    name: 'narrow',
    caller: 'client',
    procedures: ['record.query'],
  });
  expect(procedures.length).toBeGreaterThan(25);
  for (const { name, path, meta } of procedures.filter((one) => one.name !== 'house.stop')) {
    const forClients = meta.open === true || meta.callers.includes('client');
    expect.soft([name, await answer(house, path)]).toEqual([name, meta.open ? 'admitted' : 'unauthorized']);
    expect
      .soft([name, await answer(house, path, 'hf_wrong')])
      .toEqual([name, meta.open ? 'admitted' : 'unauthorized']);
    expect.soft([name, await answer(house, path, house.token)]).toEqual([name, 'admitted']);
    expect
      .soft([name, await answer(house, path, outside.value)])
      .toEqual([name, forClients ? 'admitted' : 'forbidden']);
    const named = meta.open === true || name === 'record.query';
    expect
      .soft([name, await answer(house, path, narrow.value)])
      .toEqual([name, named ? 'admitted' : 'forbidden']);
  }
});

test('the value of a token is told once and is nowhere on the disk', async () => {
  const house = await openTestHouse();
  const client = overHttp(house, house.token);
  const { value, token } = await client.access.create({ name: 'told once' });
  expect(value).toMatch(/^hf_[\w-]{43}$/);
  expect(await client.access.list()).toContainEqual(token);
  const files = readdirSync(house.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(house.folder, name),
  );
  for (const file of files.filter((path) => statSync(path).isFile())) {
    expect([file, readFileSync(file).includes(value)]).toEqual([file, false]);
  }
  expect(statSync(join(house.folder, 'operator.token')).mode & 0o777).toBe(0o600);
});

test('a revoked token is refused at once, and its open connections end', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  const { value, token } = await operator.access.create({ name: 'soon over' });
  const socket = openSocket(house, value);
  const closed = ending(socket);
  const followed = await overSocket(socket).record.follow({});
  const first = followed.next();
  const stream = await fetch(`${house.address}/api/record/follow`, {
    headers: { authorization: `Bearer ${value}` },
  });
  const streamEnd = stream.text().then(
    () => 'ended',
    () => 'cut',
  );
  await operator.access.revoke({ token: token.id.slice(0, -3) });
  expect(await closed).toBe(4001);
  await expect(first).rejects.toThrow();
  expect(await streamEnd).toBe('cut');
  expect((await problemFrom(overHttp(house, value).record.state())).code).toBe('unauthorized');
});

test('a token ends when its time is over, also on a connection that is open', async () => {
  const clock = new ManualClock(new Date());
  const house = await openTestHouse({ clock });
  const operator = overHttp(house, house.token);
  const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString();
  const { value } = await operator.access.create({ name: 'an hour', expires: inAnHour });
  const socket = openSocket(house, value);
  const closed = ending(socket);
  await overSocket(socket).record.state();
  clock.advance(3_599_000);
  await overSocket(socket).record.state();
  clock.advance(2_000);
  expect(await closed).toBe(4001);
  expect((await problemFrom(overHttp(house, value).record.state())).code).toBe('unauthorized');
  const past = await problemFrom(operator.access.create({ name: 'past', expires: inAnHour }));
  expect([past.code, past.message]).toEqual(['invalid_input', 'expires: lies in the past.']);
});

test('the command line’s own token, once revoked, is replaced by one that the old holder does not have', async () => {
  const house = await openTestHouse();
  const [own] = await overHttp(house, house.token).access.list();
  await overHttp(house, house.token).access.revoke({ token: own!.id });
  expect((await problemFrom(overHttp(house, house.token).record.state())).code).toBe('unauthorized');
  const renewed = readFileSync(join(house.folder, 'operator.token'), 'utf8').trim();
  expect(renewed).not.toBe(house.token);
  await overHttp(house, renewed).record.state();
});

test('a ticket lets one browser in, once, within a minute', async () => {
  const clock = new ManualClock(new Date());
  const house = await openTestHouse({ clock });
  const anyone = overHttp(house);
  const ticketOf = (url: string) => new URL(url).hash.replace('#ticket=', '');
  const { url } = await overHttp(house, house.token).access.ticket();
  const admitted = await anyone.access.admit({ ticket: ticketOf(url) });
  await overHttp(house, admitted.token).access.list();
  expect((await problemFrom(anyone.access.admit({ ticket: ticketOf(url) }))).message).toBe(
    'This link has been used or has expired.',
  );
  const late = ticketOf(house.gateway.link());
  clock.advance(60_001);
  expect((await problemFrom(anyone.access.admit({ ticket: late }))).code).toBe('unauthorized');
  clock.advance(30 * 24 * 3_600_000);
  expect((await problemFrom(overHttp(house, admitted.token).access.list())).code).toBe('unauthorized');
  const kinds = (await house.record.query({ filter: { kinds: ['browser.*', 'access.*'] }, limit: 10 }))
    .events;
  expect(kinds.map(({ kind }) => kind)).toContain('browser.admitted');
  expect(kinds.map(({ kind }) => kind)).toContain('access.refused');
});

test('knocking fills no record: one event at first, then one in ten seconds with a count', async () => {
  const clock = new ManualClock(new Date());
  const house = await openTestHouse({ clock });
  const refusals = async () =>
    (await house.record.query({ filter: { kinds: ['access.refused'] }, limit: 10 })).events.map(
      ({ data }) => data,
    );
  await Promise.all(
    Array.from({ length: 40 }, () => problemFrom(overHttp(house, 'hf_guess').record.state())),
  );
  const alike = { transport: 'http', reason: 'a token that is not in force' };
  await until(async () => (await refusals()).length === 1);
  clock.advance(10_000);
  await until(async () => (await refusals()).length === 2);
  expect(await refusals()).toEqual([
    { ...alike, count: 39 },
    { ...alike, count: 1 },
  ]);
});

test('a limited token of the operator lets nobody do more than itself', async () => {
  const house = await openTestHouse();
  const named = ['access.create', 'access.ticket', 'record.query'];
  const wish = { name: 'limited', caller: 'operator', procedures: named } as const;
  const limited = overHttp(house, (await overHttp(house, house.token).access.create(wish)).value);
  const made = await limited.access.create({ name: 'less', caller: 'client', procedures: ['record.query'] });
  expect(made.token.procedures).toEqual(['record.query']);
  for (const wider of [null, ['record.query', 'settings.set']]) {
    const problem = await problemFrom(
      limited.access.create({ name: 'more', caller: 'operator', procedures: wider }),
    );
    expect(problem.code).toBe('forbidden');
  }
  expect((await problemFrom(limited.access.ticket())).code).toBe('forbidden');
});

test('a token of the command line whose exchange was cut off is revoked at the next start', async () => {
  const house = await openTestHouse();
  const tokens = new Tokens(house.record, systemClock);
  const left = await tokens.create(
    { name: 'this machine', caller: 'operator', procedures: null, expires: null },
    { kind: 'system' },
  );
  await keepOperatorToken(join(house.folder, 'operator.token'), tokens);
  expect(tokens.holder(left.value)).toBeUndefined();
  expect(tokens.holder(house.token)).toBeDefined();
});
