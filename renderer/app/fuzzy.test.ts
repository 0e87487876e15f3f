import { expect, test } from 'vitest';
import { fuzzyFilter, matchScore } from './fuzzy.ts';

const titles = [
  'Go to Now',
  'Go to Audit',
  'Go to Settings',
  'Verify the record',
  'Export a bundle',
  'Sign a checkpoint now',
  'Theme: dark',
];
const best = (typed: string) => fuzzyFilter(typed, titles, (title) => title)[0];

test('finds a command by the beginnings of its words', () => {
  expect(best('gta')).toBe('Go to Audit');
  expect(best('vr')).toBe('Verify the record');
  expect(best('scn')).toBe('Sign a checkpoint now');
});

test('finds a command by a part of a word', () => {
  expect(best('bund')).toBe('Export a bundle');
  expect(best('dark')).toBe('Theme: dark');
});

test('prefers letters in a row to scattered ones', () => {
  expect(matchScore('now', 'Go to Now')!).toBeGreaterThan(matchScore('now', 'no other window')!);
});

test('does not match letters that are missing or in the wrong order', () => {
  expect(matchScore('xyz', 'Export a bundle')).toBeNull();
  expect(matchScore('oge', 'Go')).toBeNull();
});

test('keeps every item in its order while nothing is typed', () => {
  expect(fuzzyFilter('', titles, (title) => title)).toEqual(titles);
});
