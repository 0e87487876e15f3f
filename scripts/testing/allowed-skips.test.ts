import { expect, test } from 'vitest';
import { readAllowedSkips, tellSkips, unexpected } from './allowed-skips.ts';

test('only skips on the list are let through, by the beginning of their name', () => {
  const allowed = [{ name: '[electron] ', reason: 'cannot be fetched' }];
  const skips = [
    { name: '[electron] now.spec.ts › opens', reason: 'no program' },
    { name: '[browser] now.spec.ts › opens', reason: 'no Chromium' },
  ];
  expect(unexpected(skips, allowed)).toEqual([skips[1]]);
});

test('the list of this repository is short, and each entry says why', () => {
  const allowed = readAllowedSkips();
  expect(allowed.length).toBeLessThanOrEqual(5);
  for (const { name, reason } of allowed) {
    expect(name).not.toBe('');
    expect(reason.length).toBeGreaterThan(20);
  }
});

test('skips for one reason are told in one line with their number', () => {
  const skips = ['a', 'b', 'c'].map((name) => ({ name, reason: 'no program' }));
  expect(tellSkips(skips)).toEqual(['skipped: a and 2 more: no program']);
});
