import { expect, test } from 'vitest';
import { Owner } from './owner.ts';

test('what was made last is closed first, once, and a failure stops nothing', async () => {
  const closed: string[] = [];
  const owner = new Owner();
  owner.own(() => void closed.push('first'));
  owner.own(() => Promise.reject(new Error('second failed')));
  owner.own(async () => void closed.push('third'));
  await Promise.all([
    expect(owner.close()).rejects.toThrow('second failed'),
    expect(owner.close()).rejects.toThrow('second failed'),
  ]);
  expect(closed).toEqual(['third', 'first']);
});
