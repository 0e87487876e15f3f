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
const searched = (title: string) => ({
  title,
  also: title === 'Export a bundle' ? 'download save Record' : 'Record',
});
const best = (typed: string) => fuzzyFilter(typed, titles, searched)[0];

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

test('finds a command by other words for it, behind those that are called so', () => {
  expect(best('save')).toBe('Export a bundle');
  expect(best('record')).toBe('Verify the record');
});

test('keeps every item in its order while nothing is typed', () => {
  expect(fuzzyFilter('', titles, searched)).toEqual(titles);
});
