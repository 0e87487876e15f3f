import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { SecretFilter } from './secret-filter.ts';

function filtered(secrets: readonly string[], parts: readonly Uint8Array[]): string {
  const filter = new SecretFilter(secrets);
  return Buffer.concat([...parts.map((part) => filter.pass(part)), filter.end()]).toString();
}

test('a secret is found wherever it is cut, and nothing else is changed', () => {
  const secrets = ['abab', 'ababx', 'aabx'];
  const text = fc.array(fc.constantFrom('a', 'b', 'ab', 'aab', 'abab', 'x'), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 10 }), (words, cuts) => {
      const whole = Buffer.from(words.join(''));
      const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].toSorted(
        (a, b) => a - b,
      );
      const parts = places.slice(1).map((to, i) => whole.subarray(places[i], to));
      expect(filtered(secrets, parts)).toBe(filtered(secrets, [whole]));
      expect(filtered(secrets, parts)).not.toMatch(/abab|aabx/);
      expect(filtered([], parts)).toBe(whole.toString());
    }),
    { numRuns: count(300, 20_000) },
  );
});

test('of two secrets the longer one is taken, and the beginning of one that never comes is shown in the end', () => {
  expect(filtered(['secret', 'secret-longer'], [Buffer.from('a secret-longer b')])).toBe('a [secret] b');
  expect(filtered(['secret-value'], [Buffer.from('my secret-'), Buffer.from('va')])).toBe('my secret-va');
});
