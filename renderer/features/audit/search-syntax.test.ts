import { expect, test } from 'vitest';
import { fieldValue, parseSearch, termsOf, withField } from './search-syntax.ts';

const now = new Date(2026, 2, 14, 15, 30, 0);
const filterOf = (text: string) => parseSearch(text, now).filter;

test('bare words are looked for as words', () => {
  expect(filterOf('npm publish')).toEqual({ text: 'npm publish' });
  expect(filterOf('"npm publish" harb*')).toEqual({ text: 'npm publish harb*' });
});

test('fields narrow by kind, actor and place', () => {
  expect(filterOf('kind:tool.* actor:release run:run_01 words')).toEqual({
    kinds: ['tool.*'],
    actor: 'release',
    run: 'run_01',
    text: 'words',
  });
});

test('several kinds add up, by comma or one after the other', () => {
  expect(filterOf('kind:tool.*,model.called kind:log.created').kinds).toEqual([
    'tool.*',
    'model.called',
    'log.created',
  ]);
});

test('quoted values may hold spaces', () => {
  expect(filterOf('agent:"night watch"')).toEqual({ agent: 'night watch' });
});

test('times are told as an age, a day, a date or a moment', () => {
  expect(filterOf('since:10m').since).toBe(new Date(now.getTime() - 600_000).toISOString());
  expect(filterOf('since:today').since).toBe(new Date(2026, 2, 14).toISOString());
  expect(filterOf('since:yesterday until:yesterday')).toEqual({
    since: new Date(2026, 2, 13).toISOString(),
    until: new Date(2026, 2, 14).toISOString(),
  });
  expect(filterOf('until:2026-01-31').until).toBe(new Date(2026, 1, 1).toISOString());
  expect(filterOf('since:2026-01-31T10:00').since).toBe(new Date(2026, 0, 31, 10).toISOString());
});

test('what is no time is said, and the rest still counts', () => {
  const search = parseSearch('since:soon actor:operator', now);
  expect(search.filter).toEqual({ actor: 'operator' });
  expect(search.problems).toEqual([expect.stringContaining('“soon” is no time')]);
  expect(parseSearch('since:2026-02-31', now).problems).toHaveLength(1);
});

test('an unknown field is looked for as a word, and said so; an address is no field', () => {
  expect(parseSearch('sesion:x', now)).toMatchObject({
    filter: { text: 'sesion:x' },
    problems: [expect.stringContaining('sesion')],
  });
  expect(parseSearch('https://example.org', now).problems).toEqual([]);
});

test('a field that waits for its value narrows nothing', () => {
  expect(parseSearch('kind: npm', now)).toMatchObject({
    filter: { text: 'npm' },
    problems: [expect.stringContaining('waits')],
  });
});

test('a number behind # is a place to jump to', () => {
  expect(parseSearch('#48209', now)).toMatchObject({ jump: 48_209, filter: {} });
});

test('setting a field replaces it and leaves the rest as typed', () => {
  expect(withField('npm actor:a "two words"', 'actor', 'b')).toBe('actor:b npm "two words"');
  expect(withField('npm actor:a', 'actor', null)).toBe('npm');
  expect(withField('', 'agent', 'night watch')).toBe('agent:"night watch"');
  expect(fieldValue(termsOf('actor:a actor:b'), 'actor')).toBe('b');
});
