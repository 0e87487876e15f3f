import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { failureKinds, ModelFailure } from '../wires/model-failure.ts';
import { backoff, mostAttempts } from './backoff.ts';

const failures = fc.record({
  kind: fc.constantFrom(...failureKinds),
  retryAfter: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  random: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
});

test('attempts are bounded, and so is the time between them, whatever providers say', () => {
  fc.assert(
    fc.property(fc.array(failures, { minLength: 20, maxLength: 20 }), (sequence) => {
      let attempts = 0;
      let waited = 0;
      for (const { kind, retryAfter, random } of sequence) {
        attempts++;
        const wait = backoff(new ModelFailure(kind, 'no', { retryAfter }), attempts, () => random);
        if (wait === null) break;
        expect(wait).toBeGreaterThanOrEqual(retryAfter ?? 0);
        waited += wait;
      }
      expect(attempts).toBeLessThanOrEqual(mostAttempts);
      expect(waited).toBeLessThanOrEqual(mostAttempts * 60_000);
    }),
    { numRuns: count(500, 20_000) },
  );
});

test('what will not pass by waiting is not waited for', () => {
  for (const kind of ['bad_key', 'forbidden', 'unpaid', 'unknown_model', 'bad_request', 'too_long'] as const)
    expect(
      backoff(new ModelFailure(kind, 'no'), 1, () => 0),
      kind,
    ).toBeNull();
});

test('waits grow and are spread', () => {
  const failure = new ModelFailure('broken', 'no');
  expect([1, 2, 3].map((attempt) => backoff(failure, attempt, () => 0))).toEqual([500, 1000, 2000]);
  expect([1, 2, 3].map((attempt) => backoff(failure, attempt, () => 1))).toEqual([1000, 2000, 4000]);
});
