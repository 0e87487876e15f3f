import { expect, test } from 'vitest';
import { Leaving } from './leaving.ts';

function around(leave: (how: { drain: boolean; reason: string }) => Promise<void>) {
  const told: unknown[] = [];
  const leaving = new Leaving({
    leave: (how) => {
      told.push(how);
      return leave(how);
    },
    begun: () => told.push('begun'),
    over: (code) => told.push(code),
    failed: (failure) => told.push(failure),
  });
  return { leaving, told };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('one request drains and ends well, whatever signal it was', async () => {
  const { leaving, told } = around(async () => undefined);
  leaving.ask('SIGTERM', 143);
  await settle();
  expect(told).toEqual(['begun', { drain: true, reason: 'SIGTERM' }, 0]);
  expect(leaving.over).toBe(true);
});

test('a second request stops at once; it says with what code, and a third changes nothing', async () => {
  const draining = Promise.withResolvers<void>();
  const { leaving, told } = around(({ drain }) => {
    if (!drain) draining.resolve();
    return draining.promise;
  });
  leaving.ask('SIGTERM', 143);
  leaving.ask('SIGINT', 130);
  leaving.ask('quit');
  await settle();
  expect(told).toEqual([
    'begun',
    { drain: true, reason: 'SIGTERM' },
    { drain: false, reason: 'SIGINT' },
    130,
  ]);
});

test('a house that cannot be closed well still ends, with a code that says so', async () => {
  const failure = new Error('the disk is gone');
  const { leaving, told } = around(() => Promise.reject(failure));
  leaving.ask('quit');
  await settle();
  expect(told).toEqual(['begun', { drain: true, reason: 'quit' }, failure, 1]);
});
