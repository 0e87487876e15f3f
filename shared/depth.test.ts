import { expect, test } from 'vitest';
import { isTooDeep, mostDepth } from './depth.ts';

const nested = (levels: number, kind: 'list' | 'object') => {
  let value: unknown = 'text';
  for (let i = 0; i < levels; i++) value = kind === 'list' ? [value] : { in: value };
  return value;
};

test('how deep a value is nested is told of lists and objects, also where no stack would reach', () => {
  for (const kind of ['list', 'object'] as const) {
    expect(isTooDeep(nested(mostDepth, kind))).toBe(false);
    expect(isTooDeep(nested(mostDepth + 1, kind))).toBe(true);
    expect(isTooDeep(nested(200_000, kind))).toBe(true);
  }
  expect(isTooDeep(Array.from({ length: 10_000 }, () => [{ a: [1, null, 'text'] }]))).toBe(false);
  const itself: unknown[] = [];
  itself.push(itself, itself);
  expect(isTooDeep(itself)).toBe(true);
  for (const plain of [undefined, null, 1, 'text', new Date()]) expect(isTooDeep(plain)).toBe(false);
});
