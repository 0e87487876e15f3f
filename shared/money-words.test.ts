import { expect, test } from 'vitest';
import { dollars, spentMoney } from './money-words.ts';

test('little is told with more digits than much, and never as nothing', () => {
  expect([0, 1, 250, 99_999, 100_000, 1_250_000].map(dollars)).toEqual([
    '$0.00',
    '$0.000001',
    '$0.0003',
    '$0.1000',
    '$0.10',
    '$1.25',
  ]);
});

test('what nobody knows is never told as nothing, nor left out of a sum unsaid', () => {
  expect(spentMoney(0, 0)).toBe('$0.00');
  expect(spentMoney(0, 900)).toBe('price unknown');
  expect(spentMoney(1_250_000, 900)).toBe('$1.25 and more at unknown prices');
});
