import { expect, test } from 'vitest';
import { afterLong } from './clock.ts';
import { ManualClock } from './manual-clock.ts';

const day = 24 * 60 * 60 * 1000;

test('a time longer than one timer holds is waited for in parts, and can be forgotten in any of them', () => {
  const clock = new ManualClock();
  const waits: number[] = [];
  const noted = {
    now: () => clock.now(),
    after(milliseconds: number, call: () => void) {
      waits.push(milliseconds);
      return clock.after(milliseconds, call);
    },
  };
  let calls = 0;
  afterLong(noted, 30 * day, () => calls++);
  clock.advance(30 * day - 1);
  expect(calls).toBe(0);
  clock.advance(1);
  expect(calls).toBe(1);
  expect(Math.max(...waits)).toBeLessThan(2 ** 31);

  const forget = afterLong(noted, 30 * day, () => calls++);
  clock.advance(29 * day);
  forget();
  expect(clock.waiting).toBe(0);
  clock.advance(2 * day);
  expect(calls).toBe(1);
});
