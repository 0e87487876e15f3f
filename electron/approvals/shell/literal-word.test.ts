import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { literalWord } from './literal-word.ts';

test.each([
  ['git', 'git'],
  ["g'i't", 'git'],
  ['"g"it', 'git'],
  ['g\\it', 'git'],
  ["$'gi\\x74'", 'git'],
  ['gi\\\nt', 'git'],
  ["'a b'", 'a b'],
  ['[', '['],
  ['{}', '{}'],
  ["''", ''],
])('%j means %j', (written, meant) => {
  expect(literalWord(written)).toBe(meant);
});

test.each([
  '$x',
  '"$x"',
  '`id`',
  '"`id`"',
  '$(id)',
  '*',
  'a?',
  '[ab]',
  '{a,b}',
  '{1..3}',
  '~',
  '~root',
  'a=~/x',
  'a:~',
  '$"hi"',
  "$'\\u0041'",
  "$'\\xff'",
  '\\',
  "'open",
  '<(id)',
])('%j is not literal', (written) => {
  expect(literalWord(written)).toBeNull();
});

test('a word that is read as literal means the same to bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-words-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const word = fc.array(fc.constantFrom(...'ab\'"\\$~*?[]{},.=:!^#%@+x7n-'.split(''), '\n'), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 40, maxLength: 40 }), (words) => {
      const written = words.map((letters) => letters.join('')).filter((text) => !text.startsWith('#'));
      const literal = written.flatMap((text) => {
        const meant = literalWord(text);
        return meant === null ? [] : [{ text, meant }];
      });
      const line = `printf '%s\\0' ${literal.map(({ text }) => text).join(' ')}`;
      const options = { cwd: folder, env: { PATH: '/nonexistent' }, encoding: 'utf8' } as const;
      const said = execFileSync('/bin/bash', ['--norc', '--noprofile', '-c', '--', line], options);
      expect(literal.length === 0 ? [] : said.split('\0').slice(0, -1)).toEqual(
        literal.map(({ meant }) => meant),
      );
    }),
    { numRuns: count(40, 2000), seed: 3 },
  );
});
