import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { operator } from './testing/some-sessions.ts';
import { git, give, repository, someWork } from './testing/some-work.ts';
import { WorkSessions } from './work-sessions.ts';

test('a command agent works on a fresh clone, and what it changed is applied to a folder', async () => {
  const { folder, data, declare, run, work, sessions, events } = await someWork();
  const source = repository(join(folder, 'my "own" #1\\; project'), {
    'a.txt': 'one\ntwo\n',
    'gone.txt': 'x\n',
  });
  const base = git(source, 'rev-parse', 'HEAD').trim();
  declare(
    'worker',
    `set -e; pwd; echo "$HOME $USER $AGENT_NAME"; git log --format=%s
     echo three >>a.txt; git -c user.name=W -c user.email=w@x commit -qam 'third line'
     rm gone.txt; mkdir sub; printf 'new\\0\\1' >sub/new.bin; chmod +x a.txt
     [ "$(git remote get-url origin)" = '${source}' ]; [ "$(git config user.email)" = worker@localhost ]
     [ -d .git/hooks ]; [ -d .git/info ]`,
  );
  const session = await run({ agent: 'worker', repository: source });
  expect(session.outcome).toEqual({ label: 'success', code: 0, signal: null, reason: null });
  expect(session.work).toMatchObject({
    agent: 'worker',
    repository: source,
    base,
    collected: { base, commits: 1, files: 3, untracked: 1, added: 1, removed: 1 },
    kept: true,
  });
  expect(git(source, 'status', '--porcelain')).toBe('');
  expect(readdirSync(join(data, 'sessions', session.id))).toEqual(['work']);

  const changes = await work.changes(session.id);
  expect(changes.commits).toMatchObject([{ subject: 'third line', author: 'W' }]);
  expect(changes.files).toMatchObject([
    { path: 'a.txt', kind: 'modified', added: 1, removed: 0, untracked: false },
    { path: 'gone.txt', kind: 'removed' },
    { path: 'sub/new.bin', kind: 'added', added: null, untracked: true },
  ]);
  const { text } = await work.difference(session.id, 'a.txt');
  expect(text).toContain('+three');
  expect(text).not.toContain('gone');
  expect((await work.difference(session.id, null)).text).toContain('GIT binary patch');

  writeFileSync(join(source, 'beside.txt'), 'mine');
  const applied = await work.apply({ session: session.id, folder: source, branch: null }, operator);
  expect(applied).toMatchObject({ files: 3, commit: null, session: { work: { kept: false } } });
  expect(readFileSync(join(source, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  expect(existsSync(join(source, 'gone.txt'))).toBe(false);
  expect(readFileSync(join(source, 'sub/new.bin'), 'latin1')).toBe('new\0\u0001');
  expect(existsSync(join(data, 'sessions', session.id))).toBe(false);
  give(source);
  const kinds = (await events(session.id)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => !kind.startsWith('capability.'))).toEqual([
    'session.requested',
    'repository.cloned',
    'tool.invoked',
    'session.started',
    'tool.finished',
    'work.collected',
    'session.ended',
    'work.chosen',
    'work.applied',
  ]);
  expect(sessions.get(session.id).rights).toEqual([expect.stringMatching(/^exec: /)]);
});

test('what nobody decided about, and mirrors that nobody used, go in their time', async () => {
  const { folder, data, declare, run, parts, sessions } = await someWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  declare('worker', 'echo two >>a.txt');
  const { id } = await run({ agent: 'worker', repository: source });
  const names = ['a', 'b'].map((letter) => letter.repeat(64));
  const later = new Date(Date.now() + 31 * 86_400_000);
  for (const name of names) {
    mkdirSync(join(data, 'mirrors', name), { recursive: true });
    writeFileSync(join(data, 'mirrors', `${name}.url`), 'https://host.example/x\n');
  }
  utimesSync(join(data, 'mirrors', `${names[1]}.url`), later, later);
  const work = await WorkSessions.open({ ...parts, clock: new ManualClock(later) });
  while (sessions.get(id).work?.kept) await new Promise((resolve) => setTimeout(resolve, 5));
  await work.close();
  expect(readdirSync(join(data, 'mirrors'))).toEqual([names[1], `${names[1]}.url`]);
  expect(readdirSync(join(data, 'sessions'))).toEqual([]);
});
