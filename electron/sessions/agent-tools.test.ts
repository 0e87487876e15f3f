import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolLife, workPlace } from './agents/testing/tool-life.ts';

const open = { mode: 0o666 };
const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}`).join('\n');

test('files are read by lines within their limits, and what cannot be read says why in its place', async () => {
  const { folder, work } = workPlace();
  writeFileSync(join(work, 'text'), `${lines(2500)}\n`);
  writeFileSync(join(work, 'binary'), Buffer.from([1, 0, 2]));
  writeFileSync(join(work, 'most'), 'x'.repeat(1_000_000));
  writeFileSync(join(work, 'more'), 'x'.repeat(1_000_001));
  writeFileSync(join(folder, 'outside'), 'not granted');
  symlinkSync(join(folder, 'outside'), join(work, 'way-out'));
  const { open: session, ask } = await toolLife(folder);
  const { id } = await session([{ path: work, mode: 'rw' }]);
  const [first, some, whole, most, more, outside] = await ask(id, [
    ['file_read', { path: 'text', offset: 2, limit: 2 }],
    ['file_read_many', { paths: ['text', 'binary', 'none', 'way-out', '/etc/shadow'] }],
    ['file_read', { path: join(work, 'text') }],
    ['file_read', { path: 'most' }],
    ['file_read', { path: 'more' }],
    ['file_read', { path: '../outside' }],
  ]);
  expect(first?.value).toEqual({
    path: join(work, 'text'),
    size_bytes: expect.any(Number) as number,
    content: '2\tline 2\n3\tline 3',
    total_lines: 2500,
    offset: 2,
    returned_lines: 2,
    truncated: true,
  });
  expect(whole?.value).toMatchObject({ returned_lines: 2000, truncated: true });
  const files = some?.value?.['files'] as { path: string; error?: string; returned_lines?: number }[];
  expect(files.map(({ error }) => error !== undefined)).toEqual([false, true, true, true, true]);
  expect(files[1]?.error).toContain('is no text');
  expect(most).toMatchObject({ ok: true, value: { size_bytes: 1_000_000, truncated: true } });
  expect(most?.value?.['content']).toContain('(cut: a line of 1000000 letters)');
  expect(more).toMatchObject({ ok: false, text: expect.stringContaining('1,000,001 bytes') as string });
  expect(outside?.ok).toBe(false);
  const [tooMany] = await ask(id, [
    ['file_read_many', { paths: Array.from({ length: 17 }, (_, i) => `f${i}`) }],
  ]);
  expect(tooMany?.ok).toBe(false);
});

test('files are written whole, appended to and edited where it is clear what is meant', async () => {
  const { folder, work } = workPlace();
  writeFileSync(join(work, 'twice'), 'one two one\r\n', open);
  chmodSync(join(work, 'twice'), 0o666);
  writeFileSync(join(folder, 'outside'), 'as it was');
  const { open: session, ask } = await toolLife(folder);
  const { id } = await session([{ path: work, mode: 'rw' }]);
  const told = await ask(
    id,
    [
      ['file_write', { path: 'new', content: 'first\n' }],
      ['file_write', { path: 'new', content: 'second\n', append: true }],
      ['file_edit', { path: 'twice', old_string: 'one', new_string: '1' }],
      ['file_edit', { path: 'twice', old_string: 'three', new_string: '3' }],
      ['file_edit', { path: 'twice', old_string: 'two', new_string: '$& $1 \\0' }],
      ['file_edit', { path: 'twice', old_string: 'one', new_string: '1', replace_all: true }],
      ['file_edit', { path: 'twice', old_string: 'x'.repeat(65_537), new_string: '' }],
      ['file_edit', { path: 'twice', old_string: 'a', new_string: 'a' }],
    ],
    [
      ['file_write', { path: 'large', content: 'é'.repeat(500_001) }],
      ['file_write', { path: '../outside', content: 'mine' }],
      ['file_write', { path: 'none/there', content: 'x' }],
    ],
    [
      ['file_write', { path: 'grows', content: 'a'.repeat(100_000) }],
      ['file_edit', { path: 'grows', old_string: 'a', new_string: 'é'.repeat(30_000), replace_all: true }],
    ],
  );
  expect(told.map(({ ok }) => ok)).toEqual([
    true,
    true,
    false,
    false,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    true,
    false,
  ]);
  expect(told[2]?.text).toContain('occurs 2 times');
  expect(told[3]?.text).toContain('does not occur');
  expect(told[5]?.value).toMatchObject({ replacements: 2 });
  expect(told[8]?.text).toContain('more than 1,000,000 bytes');
  expect(told[12]?.text).toContain('would have 6,000,000,000 bytes');
  expect(readFileSync(join(work, 'new'), 'utf8')).toBe('first\nsecond\n');
  expect(readFileSync(join(work, 'twice'), 'utf8')).toBe('1 $& $1 \\0 1\r\n');
  expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('as it was');
});

test('folders are listed to five hundred entries, and files are searched within bounds', async () => {
  const { folder, work } = workPlace();
  mkdirSync(join(work, 'many'));
  for (let i = 0; i < 510; i++) writeFileSync(join(work, 'many', `f${String(i).padStart(3, '0')}`), '');
  writeFileSync(join(work, 'hits'), Array.from({ length: 300 }, () => 'a Needle').join('\n'));
  writeFileSync(join(work, 'long.ts'), `${'-'.repeat(2000)}needle-in-long`);
  writeFileSync(
    join(work, 'wide.txt'),
    Array.from({ length: 60 }, (_, i) => `wide ${i} ${'w'.repeat(480)}`).join('\n'),
  );
  writeFileSync(join(folder, 'outside'), 'needle');
  symlinkSync(folder, join(work, 'out'));
  const { open: session, ask } = await toolLife(folder);
  const { id } = await session([{ path: work, mode: 'ro' }]);
  const told = await ask(id, [
    ['file_list', {}],
    ['file_list', { path: 'many' }],
    ['grep', { pattern: 'Needle' }],
    ['grep', { pattern: 'needle', case_insensitive: true, glob: '*.ts' }],
    ['grep', { pattern: 'wide \\d+', path: 'wide.txt' }],
    ['grep', { pattern: 'nothing such' }],
    ['grep', { pattern: '-e x; touch made', path: '.' }],
    ['grep', { pattern: '(' }],
    ['grep', { pattern: 'needle', path: 'out' }],
    ['grep', { pattern: 'root', path: '/etc/shadow' }],
  ]);
  const [list, many, hits, long, wide, none, odd, broken, out, shadow] = told;
  const names = ((list?.value?.['entries'] ?? []) as { name: string; kind: string }[]).map(
    ({ name, kind }) => `${name} ${kind}`,
  );
  expect(names.toSorted()).toEqual(['hits file', 'long.ts file', 'many folder', 'out link', 'wide.txt file']);
  expect(many?.value?.['entries']).toHaveLength(500);
  expect(many?.value?.['truncated']).toBe(true);
  expect(hits?.value).toMatchObject({ count: 200, truncated: true });
  const [match] = (long?.value?.['matches'] ?? []) as { path: string; line: number; text: string }[];
  expect(match).toMatchObject({ path: join(work, 'long.ts'), line: 1 });
  expect(match?.text.length).toBeLessThan(600);
  const shown = JSON.stringify(wide?.value?.['matches']).length;
  expect(wide?.value?.['truncated']).toBe(true);
  expect(shown).toBeLessThan(20_000);
  expect(none?.value).toMatchObject({ count: 0, truncated: false });
  expect(odd?.value).toMatchObject({ count: 0 });
  expect(broken?.ok).toBe(false);
  expect(out?.ok).toBe(false);
  expect(shadow?.ok).toBe(false);
});

test('commands end as they end, say no more than is kept, and write only where they may', async () => {
  const { folder, work } = workPlace();
  const { open: session, ask } = await toolLife(folder);
  const { id } = await session([{ path: work, mode: 'rw' }]);
  const told = await ask(id, [
    ['exec', { command: 'cat; echo failed >&2; exit 3', stdin: 'given' }],
    ['exec', { command: 'seq 1 20000' }],
    ['exec', { command: 'echo x > made', writes: false }],
    ['exec', { command: 'echo x > made && cat made' }],
    ['exec', { command: 'sleep 60', timeout_seconds: 1 }],
    ['exec', { command: 'kill -TERM $$' }],
    ['exec', { command: 'nonesuch' }],
    ['exec', { command: 'pwd', cwd: '/tmp' }],
    ['exec', { command: '--version' }],
  ]);
  const [failed, long, refused, made, slow, killed, missing, cwd, option] = told;
  expect(failed).toMatchObject({ ok: false, value: { exit_code: 3, stdout: 'given', stderr: 'failed\n' } });
  expect(long?.value).toMatchObject({ exit_code: 0, truncated: true });
  const said = long?.value?.['stdout'] as string;
  expect(said.startsWith('1\n2\n')).toBe(true);
  expect(said.endsWith('19999\n20000\n')).toBe(true);
  expect(said.length).toBeLessThan(31_000);
  expect(refused?.ok).toBe(false);
  expect(made).toMatchObject({ ok: true, value: { stdout: 'x\n' } });
  expect(slow).toMatchObject({ ok: false, value: { exit_code: null, ended: 'its time was over' } });
  expect(killed).toMatchObject({ ok: false, value: { exit_code: null, ended: 'by signal 15' } });
  expect(missing).toMatchObject({ ok: false, value: { exit_code: 127 } });
  expect(cwd?.value).toMatchObject({ stdout: '/tmp\n' });
  expect(option).toMatchObject({ ok: false, value: { exit_code: 127 } });
});

test('a commit takes the given paths, runs no hook, and says when there is nothing to commit', async () => {
  const { folder, work } = workPlace();
  const { open: session, ask } = await toolLife(folder);
  const { id } = await session([{ path: work, mode: 'rw' }]);
  const who = 'git config user.name Tester && git config user.email tester@example.org';
  const hook =
    "printf '#!/bin/sh\\ntouch hooked\\nexit 1\\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit";
  const told = await ask(id, [
    ['exec', { command: `git init -q && ${who} && ${hook} && echo one > one && echo two > two` }],
    ['git_commit', { workspace: '.', message: 'One file', paths: ['one'] }],
    ['git_commit', { workspace: '.', message: 'One file', paths: ['one'] }],
    ['git_commit', { workspace: '.', message: '-x' }],
    ['git_commit', { workspace: '.', message: 'x', paths: ['--all'] }],
    ['git_commit', { workspace: '.', message: 'x', paths: ['none'] }],
    ['exec', { command: 'git log --format=%s --name-only; git status --short; ls' }],
  ]);
  const [made, one, again, option, paths, none, looked] = told;
  expect(made?.text).toContain('"exit_code": 0');
  expect(one?.value).toEqual({
    commit_sha: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    nothing_to_commit: false,
  });
  expect(again?.value).toEqual({ nothing_to_commit: true });
  expect([option?.ok, paths?.ok, none?.ok]).toEqual([false, false, false]);
  expect(looked?.value?.['stdout']).toBe('One file\n\none\n?? two\none\ntwo\n');
});

test('cargo is run with its four commands alone, and says how it ended', async () => {
  const { folder, work } = workPlace();
  const { open: session, ask } = await toolLife(folder);
  const { id } = await session([{ path: work, mode: 'rw' }]);
  const [fetched, checked] = await ask(id, [
    ['cargo_run', { workspace: '.', subcommand: 'install' }],
    ['cargo_run', { workspace: '.', subcommand: 'check' }],
  ]);
  expect(fetched?.text).toContain('was not understood');
  // Whether there is a cargo or none: without a workspace it fails.
  expect(checked).toMatchObject({ ok: false, value: { success: false } });
  expect(checked?.value?.['exit_code']).not.toBe(0);
});

test('cargo gets its arguments as they are, in the workspace, with the sandbox’s environment and no more', async () => {
  const { folder, work } = workPlace();
  const programs = join(work, 'programs');
  const workspace = join(work, 'a workspace');
  for (const place of [programs, workspace]) {
    mkdirSync(place);
    chmodSync(place, 0o777);
  }
  const says = [
    '#!/bin/sh',
    'pwd; for word; do echo "[$word]"; done',
    'echo built > target && cat target',
    'env | cut -d= -f1 | sort | tr "\\n" " " >&2',
    '[ "$1" = check ] || exit 101',
  ];
  writeFileSync(join(programs, 'cargo'), `${says.join('\n')}\n`, { mode: 0o755 });
  const { open: session, ask } = await toolLife(folder, undefined, { programs });
  const { id } = await session([{ path: work, mode: 'rw' }]);
  const args = ['--message-format', 'a b', '$(touch x)', '; rm -rf .'];
  const [checked, tested, elsewhere] = await ask(id, [
    ['cargo_run', { workspace: 'a workspace', subcommand: 'check', args }],
    ['cargo_run', { workspace, subcommand: 'test' }],
    ['cargo_run', { workspace: '/', subcommand: 'check' }],
  ]);
  const said = [workspace, '[check]', ...args.map((word) => `[${word}]`), 'built', ''];
  expect(checked?.value).toMatchObject({ success: true, exit_code: 0, stdout: said.join('\n') });
  const names = String(checked?.value?.['stderr']).trim().split(' ');
  expect(names).toEqual(expect.arrayContaining(['HOME', 'PATH']) as string[]);
  // What the house was started with is not the sandbox’s: a test’s own variables least of all.
  expect(names.filter((name) => /VITEST|NODE|PROXY|SSH|TOKEN|KEY/i.test(name))).toEqual([]);
  expect(tested).toMatchObject({ ok: false, value: { success: false, exit_code: 101 } });
  expect(elsewhere?.ok).toBe(false);
});
