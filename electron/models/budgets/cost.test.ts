import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { affordable, costOf, worstCost } from './cost.ts';

const price = {
  input: 3,
  output: 15,
  cache_read: 0.3,
  cache_write: 3.75,
  above: { tokens: 1000, input: 6, output: 22.5 },
};

test('tokens from the cache cost what the cache costs, and long questions what long ones do', () => {
  const usage = { input: 900, output: 100, cacheRead: 500, cacheWrite: 200 };
  expect(costOf(usage, price)).toBe(200 * 3 + 500 * 0.3 + 200 * 3.75 + 100 * 15);
  expect(costOf({ input: 1001, output: 10, cacheRead: 0, cacheWrite: 0 }, price)).toBe(1001 * 6 + 225);
  expect(costOf(usage, null)).toBeNull();
  expect(costOf(usage, { input: 0, output: 0 })).toBe(0);
});

test('no usage within what was set aside costs more than the worst', () => {
  const tokens = fc.integer({ min: 0, max: 3000 });
  fc.assert(
    fc.property(tokens, tokens, fc.nat(100), fc.nat(100), (input, output, read, written) => {
      const cacheRead = Math.floor((input * read) / 200);
      const cacheWrite = Math.floor((input * written) / 200);
      const cost = costOf({ input, output, cacheRead, cacheWrite }, price) ?? 0;
      expect(cost).toBeLessThanOrEqual(worstCost(input, output, price) ?? 0);
    }),
    { numRuns: count(500, 20_000) },
  );
});

test('what money pays for is never dearer than it', () => {
  const money = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(money, fc.integer({ min: 1, max: 3000 }), (micros, input) => {
      const output = affordable(micros, input, price);
      expect(output < 0 ? 0 : worstCost(input, output, price)).toBeLessThanOrEqual(micros);
    }),
    { numRuns: count(500, 20_000) },
  );
});
