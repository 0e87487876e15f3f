import { expect, test } from 'vitest';
import { readBudget } from './budget-field.ts';

test('a budget is money or tokens, as people write them', () => {
  expect(readBudget('').budget).toBeNull();
  expect(readBudget('$2.50').budget).toEqual({ tokens: null, micros: 2_500_000 });
  expect(readBudget('2').budget).toEqual({ tokens: null, micros: 2_000_000 });
  expect(readBudget('0.000001').budget).toEqual({ tokens: null, micros: 1 });
  expect(readBudget('500k tokens').budget).toEqual({ tokens: 500_000, micros: null });
  expect(readBudget('1,000 tokens').budget).toEqual({ tokens: 1000, micros: null });
});

test('what is neither is told, and nothing is started with it', () => {
  for (const text of ['0', '-1', 'much', '0 tokens', '1e9', '2.5.1', '$']) {
    const { budget, wrong } = readBudget(text);
    expect(budget, text).toBeNull();
    expect(wrong, text).toContain('$2.50');
  }
});
