import { expect, test } from 'vitest';
import { spentMoney } from './money-words.ts';

test('what nobody knows is never told as nothing, nor left out of a sum unsaid', () => {
  expect(spentMoney(0, 0, 2)).toBe('$0.00');
  expect(spentMoney(1_250_000, 0, 2)).toBe('$1.25');
  expect(spentMoney(0, 900, 2)).toBe('price unknown');
  expect(spentMoney(1_250_000, 900, 4)).toBe('$1.2500 and more at unknown prices');
});
