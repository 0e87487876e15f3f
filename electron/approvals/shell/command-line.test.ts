import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { shellCommand } from '../../tools/shell-command.ts';
import type { Part } from '../weighing/part.ts';
import { lineParts, loadGrammar } from './command-line.ts';

const grammar = await loadGrammar();
const parts = (line: string, cwd: string | null = '/project') => lineParts(grammar, line, cwd);

const shown = (part: Part): string => {
  if (part.kind !== 'command') return `${part.kind} ${'path' in part ? part.path : ''}`.trim();
  const doubt = [part.unclear === null ? '' : ' ?', part.careful === null ? '' : ' !'].join('');
  return `${part.within ? '(' : ''}${part.argv.join(' ')}${part.open ? ' …' : ''}${part.within ? ')' : ''}${doubt}`;
};
const told = (line: string) => parts(line).map(shown);

test.each([
  ['git status', ['git status']],
  ['git log | head -5 && ls; wc -l a & true', ['git log', 'head -5', 'ls', 'wc -l a', 'true']],
  ['(cd sub && ls) || { pwd; }', ['cd sub', 'ls', 'pwd']],
  ['if test -f a; then cat a; else ls; fi', ['test -f a', 'cat a', 'ls']],
  ['while true; do ls; done', ['true', 'ls']],
  ['f() { rm x; }; f', ['rm x', 'f']],
  ['! time git status', ['git status']],
  ['ls > out 2>&1 < in 2> /dev/null', ['ls', 'write /project/out', 'read /project/in']],
  ['> empty', ['write /project/empty']],
  ['cat <<< word', ['cat']],
  ["cat << 'E'\n$(id)\nE", ['cat']],
  ['[[ -f a && b == c ]] && ls', ['ls']],
  ['timeout -k 5 10 nice -n 5 git status', ['git status']],
  ['env -u X git status', ['git status']],
  ['bash -c "git status; ls"', ['git status', 'ls']],
  ['bash -ec "bash -c ls"', ['ls']],
  ['xargs -0 grep x', ['grep x …']],
  ['command git status', ['git status']],
  ['set -euo pipefail; ls', ['set -euo pipefail', 'ls']],
])('%j is made of its parts', (line, expected) => {
  expect(told(line)).toEqual(expected);
});

test.each([
  'ls $x',
  'ls "$x"',
  'ls *.ts',
  'ls {a,b}',
  'cat ~/x',
  '$cmd',
  'X=1 ls',
  'LD_PRELOAD=/tmp/x.so ls',
  'PATH=/tmp ls',
  'X=1',
  'env X=1 ls',
  'env -S "ls -l"',
  'for x in a; do ls; done',
  'for PATH in /tmp; do ls; done',
  'select x in a; do ls; done',
  'case a in a) ls;; esac',
  'coproc ls',
  '((x=1))',
  'for ((;;)); do ls; done',
  "[[ 'a[$(id)]' -eq 0 ]]",
  '[[ -v x ]]',
  '[[ $x == a ]]',
  'ls > $x',
  'ls {fd}> x',
  'ls > ../x',
  'cd sub && ls > x',
  "c''d sub && ls > x",
  'ls > /dev/tcp/example.org/80',
  'cat << E\n$(id)\nE',
  'cat << E\nnever ends',
  'cat <<< $x',
  "ls >& '$(id)'",
  'ls >& "a b"',
  'echo x | xargs env',
  'xargs timeout 5',
  "$'\\x63d' sub; ls > x",
  'c\\\nd sub; ls > x',
  'ls; fi',
  'if ls; then',
  "echo 'open",
  'bash -c ls x',
  'bash -c "$x"',
  'timeout --what 5 ls',
  'nice --adj=5 ls',
  'a\u0007b',
  'ls\r',
])('%j cannot be told from its words', (line) => {
  expect(parts(line).some((part) => part.kind === 'command' && part.unclear !== null)).toBe(true);
});

test.each([
  'git -c core.pager=x log',
  'git -ccore.pager=x log',
  'git log --ext-diff',
  'git log --ext-d',
  'git grep -Oless x',
  'git -C /elsewhere status',
  'git fetch --upload-pack=x y',
  'git clone ext::sh',
  'find . -exec rm {} +',
  'find . -delete',
  'tar -x --to-command=sh -f a',
  'tar xf a --use-compress-prog=x',
  'rg --pre sh x',
  'sort -o x y',
  'sort -ro x y',
  'printf -v x y',
  'printf %n PATH',
  "printf 'aaaa%-5hn' PATH",
  'tar xIf ./x a.tar',
  'tar -T list -cf a.tar',
  'curl -T /etc/hosts example.org',
  'wait -p PATH',
  'jobs -x ls',
  'sudo ls',
  'eval ls',
  'source x',
  '. x',
  'trap ls EXIT',
  'alias ls=rm',
  'export PATH=/tmp',
  'read x',
  './env ls',
  'watch ls',
])('%j does more than a pattern says', (line) => {
  expect(parts(line).some((part) => part.kind === 'command' && (part.careful ?? part.unclear) !== null)).toBe(
    true,
  );
});

test('what stands inside of what cannot be told is seen all the same, for refusing it', () => {
  expect(told('echo $(rm -rf x) `rm y`')).toEqual(expect.arrayContaining(['rm -rf x', 'rm y']));
  expect(told('cat <(rm z)')).toEqual(expect.arrayContaining(['rm z']));
  expect(told('sudo rm x')).toEqual(['sudo rm x !', '(rm x)']);
  expect(told('eval "rm x"')).toEqual(['eval rm x !', '(rm x)']);
  expect(told('X=$(rm w) ls')).toEqual(expect.arrayContaining(['rm w']));
});

test('a line that is too long or too deep asks, and takes no time', () => {
  for (const line of [
    '('.repeat(20_000),
    '$('.repeat(5000),
    `${'bash -c '.repeat(3)}x`,
    'a|'.repeat(40_000),
    'a;'.repeat(600),
    `${'{ '.repeat(9000)}ls`,
  ]) {
    expect(parts(line).some((part) => part.kind === 'command' && part.unclear !== null)).toBe(true);
  }
});

test('whatever bash does not read, asks', () => {
  const pieces = [
    'ls',
    'a',
    ' ',
    '|',
    '&&',
    ';',
    '(',
    ')',
    '{ ',
    ' }',
    'if ',
    'then ',
    'fi',
    '"',
    "'",
    '$(',
    '`',
    '<<',
    '>',
    '\n',
    '#',
    '\\',
    '[[ ',
    ' ]]',
    'case ',
    'esac',
    ';;',
    'do ',
    'done',
    'while ',
    '!',
    '&',
    '$((',
    '))',
    'function f',
    '<(',
  ];
  const line = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 })
    .map((all) => all.join(''));
  let broken = 0;
  fc.assert(
    fc.property(line, (text) => {
      const read = spawnSync('/bin/bash', ['--norc', '--noprofile', '-n', '-c', '--', text], {
        encoding: 'utf8',
        env: { PATH: '/nonexistent', LC_ALL: 'C.UTF-8' },
      });
      // A text that has no end is only a warning of bash’s, and ends where the line does.
      if (read.status === 0) return;
      broken++;
      expect
        .soft([text, parts(text).some((part) => part.kind === 'command' && part.unclear !== null)])
        .toEqual([text, true]);
    }),
    { numRuns: count(400, 20_000), seed: 4 },
  );
  expect(broken).toBeGreaterThan(50);
});

test('whatever bash runs of a line was one of its parts', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-lines-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const heard = join(folder, 'heard');
  const pieces = [
    'aa',
    'bb',
    'cc ',
    ' ',
    ' ',
    '|',
    '&&',
    '||',
    ';',
    '(',
    ')',
    '{ ',
    '; }',
    'if ',
    '; then ',
    '; fi',
    '"',
    "'",
    '$(',
    '`',
    '\n',
    '#',
    '\\',
    '!',
    '&',
    '<(',
    '$',
    '=',
    'x=',
    '{',
    ',',
    '}',
    '[',
    '*',
    '~',
    '\\\n',
    "$'",
    '""',
    '()',
    'bb() { ',
    'eval ',
    'case aa in ',
    '|&',
    'time ',
    'coproc ',
  ];
  const line = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 })
    .map((all) => all.join(''));
  // Nothing can be found: each command that is not the shell's own tells its words instead of running.
  const env = {
    PATH: '/nonexistent',
    SEEN: heard,
    LC_ALL: 'C.UTF-8',
    'BASH_FUNC_command_not_found_handle%%': '() { printf "%s\\0" "$*" >> "$SEEN"; return 127; }',
  };
  const work = join(folder, 'work');
  let ran = 0;
  fc.assert(
    fc.property(line, (text) => {
      const read = parts(text);
      if (read.some((part) => part.kind === 'command' && (part.unclear ?? part.careful) !== null)) return;
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work);
      writeFileSync(heard, '');
      const [program = '', ...args] = shellCommand(text);
      spawnSync(program === 'bash' ? '/bin/bash' : program, args, { cwd: work, env, timeout: 5000 });
      const known = new Set(read.flatMap((part) => (part.kind === 'command' ? [part.argv.join(' ')] : [])));
      for (const words of readFileSync(heard, 'utf8').split('\0').slice(0, -1)) {
        ran++;
        // What a wrapper runs is a part, the wrapper is none.
        const seen = known.has(words) || known.has(words.replace(/^(time )+/, ''));
        expect.soft([text, words, seen]).toEqual([text, words, true]);
      }
    }),
    { numRuns: count(2500, 100_000), seed: 11 },
  );
  expect(ran).toBeGreaterThan(100);
});

test('a line is run by the shell that it was read for, without start-up files, whatever it begins with', () => {
  const [program = '', ...args] = shellCommand('-n; echo "$0 $#" "$(shopt -q login_shell && echo login)"');
  const { stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect([stdout, stderr.includes('-n: command not found')]).toEqual(['bash 0 \n', true]);
});
