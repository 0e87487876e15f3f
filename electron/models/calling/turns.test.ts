import { expect, test } from 'vitest';
import { ManualClock } from '../../base/manual-clock.ts';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

test('who leaves while waiting is not given a turn, and blocks nobody', async () => {
  const turns = new Turns(new ManualClock(), { concurrency: 1, perMinute: null });
  const release = turns.takeNow();
  const control = new AbortController();
  const gone = turns.take('a', control.signal);
  const next = turns.take('b', never);
  control.abort(new Error('left'));
  await expect(gone).rejects.toThrow('left');
  expect(turns.takeNow()).toBeNull();
  release?.();
  release?.();
  (await next)();
  expect(turns.takeNow()).not.toBeNull();
  expect(turns.takeNow()).toBeNull();
});

test('calls begin no faster than so many a minute', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock, { concurrency: 10, perMinute: 60 });
  const begun: number[] = [];
  const start = clock.now().getTime();
  const calls = ['a', 'a', 'b'].map((session) =>
    turns.take(session, never).then(() => begun.push(clock.now().getTime() - start)),
  );
  while (begun.length < calls.length) {
    await Promise.resolve();
    clock.advance(100);
  }
  expect(begun[1]! - begun[0]!).toBeGreaterThanOrEqual(1000);
  expect(begun[2]! - begun[1]!).toBeGreaterThanOrEqual(1000);
});

test('patience that one call was asked for holds for all', async () => {
  const clock = new ManualClock();
  const turns = new Turns(clock, { concurrency: 2, perMinute: null });
  turns.rest(30_000);
  expect(turns.takeNow()).toBeNull();
  expect(turns.restsUntil).toEqual(new Date(clock.now().getTime() + 30_000));
  const waiting = turns.take('a', never);
  clock.advance(30_000);
  (await waiting)();
  expect(turns.restsUntil).toBeNull();
});
