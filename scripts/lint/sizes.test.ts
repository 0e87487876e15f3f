import path from 'node:path';
import { expect, test } from 'vitest';
import { countLines, measure, percentile } from './sizes.ts';

const sizes = measure(path.resolve(import.meta.dirname, '..', '..'));

test('half of the TypeScript files have fewer than 90 lines', () => {
  expect(percentile(sizes, 0.5)).toBeLessThan(90);
});

test('95 % of the TypeScript files have fewer than 350 lines', () => {
  expect(percentile(sizes, 0.95)).toBeLessThan(350);
});

test('no TypeScript file has more than 600 lines', () => {
  expect(sizes.filter(({ lines }) => lines > 600)).toEqual([]);
});

test('lines are counted with and without a last line break, and percentiles taken from the files themselves', () => {
  expect([countLines('a\nb\n'), countLines('a\nb'), countLines('')]).toEqual([2, 2, 1]);
  const five = [1, 2, 3, 4, 100].map((lines) => ({ file: '', lines }));
  expect([percentile(five, 0.5), percentile(five, 0.95)]).toEqual([3, 100]);
});
