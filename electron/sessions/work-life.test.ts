import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operator } from './testing/some-sessions.ts';
import { git, give, problemOf, repository, someWork } from './testing/some-work.ts';
import { outcomeOfWork } from './working/outcome-of-work.ts';
import { Places } from './working/places.ts';

test('exit codes are told by what command agents agree that they say', () => {
  const labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 126, 127, 128, 143, 255].map(
    (code) => outcomeOfWork({ how: 'exited', code }, null).label,
  );
  expect(labels).toEqual([
    'success',
    'generic_failure',
    'usage_error',
    'blocked',
    'nothing_ready',
    'work_failed',
    'infrastructure_failure',
    'budget_exhausted',
    'generic_failure',
    'command_not_executable',
    'command_not_found',
    'generic_failure',
    'terminated_by_signal',
    'generic_failure',
  ]);
  expect(outcomeOfWork({ how: 'exited', code: 143 }, null)).toMatchObject({ code: 143, signal: 15 });
  const late = { why: 'timed_out', reason: 'its time was over' } as const;
  expect(outcomeOfWork({ how: 'exited', code: 0 }, late)).toMatchObject({ label: 'timed_out', code: 124 });
});

test('what cannot be carried out is refused before anything is written or made', async () => {
  const { folder, data, declare, start, record } = await someWork();
  const source = repository(join(folder, 'project'), { a: 'x' });
  declare('worker', 'true');
  declare('private', 'true', '  clone_token: nowhere\n');
  declare('guarded', 'true', '  credentials: [{ secret: nowhere, variable: KEY }]\n');
  writeFileSync(join(folder, 'agents', 'talker.yaml'), 'name: talker\nsystem_prompt: Talk.\n');
  const before = record.state().size;
  const refusals = [
    [{ agent: 'talker', repository: source }, /runs no command/],
    [{ agent: 'worker' }, /has no repository of its own/],
    [{ agent: 'worker', repository: 'ssh://host/x' }, /is no address to clone from/],
    [{ agent: 'worker', repository: 'https://me@host/x' }, /names a user/],
    [{ agent: 'worker', repository: `${source}/nothing` }, /There is no folder/],
    [{ agent: 'worker', repository: data }, /own places/],
    [{ agent: 'worker', repository: source, branch: '--upload-pack=x' }, /is no name of a branch/],
    [{ agent: 'private', repository: 'https://host.example/x' }, /There is no secret “nowhere”/],
    [{ agent: 'guarded', repository: source }, /There is no secret “nowhere”/],
  ] as const;
  for (const [wanted, says] of refusals) expect((await problemOf(start(wanted))).message).toMatch(says);
  expect(record.state().size).toBe(before);
  expect(readdirSync(data).filter((name) => name === 'sessions' || name === 'mirrors')).toEqual([]);
});

test('it is handed its input, secrets and folders, and nothing of them is left', async () => {
  const { folder, data, declare, run, vault, sessions, events } = await someWork();
  const source = repository(join(folder, 'project'), { a: 'x' });
  const given = join(folder, 'given');
  mkdirSync(given);
  writeFileSync(join(given, 'rules'), 'the rules');
  give(given);
  await vault.set('key', 'a-secret-value');
  declare(
    'worker',
    `set -e; cat $HOLDFAST_INPUT; cat /holdfast/input/attachments/notes.txt; cat /given/rules
     test "$KEY" = "$(cat /run/secrets/key)"; test \${#KEY} = 14
     ! (echo x >/holdfast/input/new) 2>/dev/null; ! (echo x >/given/new) 2>/dev/null
     ls -A "$HOME"; exit 3`,
    `  credentials: [{ secret: key, variable: KEY }, { secret: key, file: key }]
  mounts: [{ source: ${given}, target: /given, read_only: true }]\n`,
  );
  const attachments = [{ name: 'notes.txt', data: Buffer.from('noted\n').toString('base64') }];
  const input = { kind: 'request', text: 'Do it.' } as const;
  const session = await run({ agent: 'worker', repository: source, input, attachments });
  expect(session.outcome).toMatchObject({ label: 'blocked', code: 3 });
  expect(session.work).toMatchObject({
    input: { kind: 'request', words: 'Do it.' },
    attachments: ['notes.txt'],
    collected: { files: 0, commits: 0 },
    kept: false,
  });
  const said = await events(session.id);
  expect(JSON.stringify(said)).not.toContain('a-secret-value');
  expect(sessions.get(session.id).rights).toContain(`file_read: ${given}/*`);
  expect(readdirSync(join(data, 'sessions'))).toEqual([]);
});

test('as many as there are places work at a time; the others wait in their order and may give up', async () => {
  const { folder, data, declare, start, ended, sessions, record } = await someWork();
  await record.append({
    kind: 'setting.changed',
    actor: operator,
    data: { key: 'work.concurrency', value: 1 },
  });
  const source = repository(join(folder, 'project'), { a: 'x' });
  const gate = join(folder, 'gate');
  mkdirSync(gate);
  give(gate);
  declare(
    'waiter',
    'echo at work >/gate/begun; while [ ! -e /gate/open ]; do sleep 0.02; done',
    `  mounts: [{ source: ${gate}, target: /gate, read_only: false }]\n`,
  );
  declare('quick', 'true');
  const first = await start({ agent: 'waiter', repository: source });
  const second = await start({ agent: 'quick', repository: source });
  const third = await start({ agent: 'quick', repository: source });
  expect(sessions.get(second.id)).toMatchObject({
    state: 'preparing',
    progress: 'waits for a place (0 before it)',
  });
  expect(sessions.get(third.id)).toMatchObject({
    state: 'preparing',
    progress: 'waits for a place (1 before it)',
  });
  const stopped = await sessions.stop(second.id, false, operator);
  expect(stopped).toMatchObject({
    state: 'ended',
    outcome: { label: 'cancelled', code: 130 },
    work: { base: null },
  });
  expect(sessions.get(third.id).progress).toBe('waits for a place (0 before it)');
  while (!readdirSync(gate).includes('begun')) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await sessions.stop(first.id, true, operator)).outcome).toMatchObject({ label: 'cancelled' });
  expect((await ended(third.id)).outcome?.label).toBe('success');
  expect(readdirSync(join(data, 'sessions'))).toEqual([]);
});

test('a place that is given back goes to who has waited longest', async () => {
  const places = new Places(() => 1);
  const never = new AbortController().signal;
  const heard: string[] = [];
  const first = await places.take(never, () => undefined);
  const giving = new AbortController();
  const second = places.take(giving.signal, (before) => heard.push(`second ${before}`));
  const third = places.take(never, (before) => heard.push(`third ${before}`));
  giving.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  first();
  first();
  const giveBack = await third;
  expect(heard).toEqual(['second 0', 'second 0', 'third 1', 'third 0']);
  giveBack();
  (await places.take(never, () => undefined))();
});

test('when its time is over, it and all that it started is killed, and what it did is collected all the same', async () => {
  const { folder, declare, run, work } = await someWork();
  const source = repository(join(folder, 'project'), { a: 'x\n' });
  declare('slow', `echo y >>a; (trap '' TERM HUP; sleep 1000) & trap '' TERM; sleep 1000`);
  const session = await run({ agent: 'slow', repository: source, seconds: 1 });
  expect(session.outcome).toMatchObject({ label: 'timed_out', code: 124 });
  expect((await work.difference(session.id, 'a')).text).toContain('+y');

  // What it writes into its clone counts, where it may not write more than so much.
  const limits = (supervised: boolean) =>
    `sandbox: { limits: { diskBytes: 8388608, supervised: ${supervised} } }\n`;
  declare('writer', 'head -c 30000000 /dev/zero >big; sleep 1000', limits(true));
  const stopped = await run({ agent: 'writer', repository: source });
  expect(stopped.outcome).toMatchObject({
    label: 'infrastructure_failure',
    reason: 'it wrote more than 8 MiB',
  });
  declare('unheld', 'true', limits(false));
  const refused = await run({ agent: 'unheld', repository: source });
  expect(refused.outcome?.reason).toContain('no disk total');
});

test('nothing that an agent puts into its repository is run or believed when its changes are collected', async () => {
  const { folder, declare, run, work } = await someWork();
  const source = repository(join(folder, 'project'), {
    'a.txt': 'one\n',
    '.gitattributes': '*.txt filter=x diff=x\n',
  });
  declare(
    'sly',
    `set -e; echo two >>a.txt; git update-index --assume-unchanged a.txt
     run='touch /repo/ran; touch /aside/ran; exit 1'
     for key in core.fsmonitor core.pager diff.external diff.x.command diff.x.textconv filter.x.clean filter.x.process core.sshCommand; do git config $key "$run"; done
     git config core.worktree /elsewhere; git config core.bare true
     printf '#!/bin/sh\\ntouch /aside/ran\\n' >.git/hooks/post-index-change; chmod +x .git/hooks/*
     ln -s /etc/passwd link; mkfifo pipe; mkdir dir; echo z >dir/z; chmod 000 dir
     ln -sf /aside/git .git/objects/info/alternates; printf '[include]\\npath=/dev/zero\\n' >>.git/config`,
  );
  const session = await run({ agent: 'sly', repository: source });
  expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
  const { files } = await work.changes(session.id);
  expect(files.map(({ path, kind }) => [path, kind])).toEqual([
    ['a.txt', 'modified'],
    ['dir/z', 'added'],
    ['link', 'added'],
  ]);
  expect((await work.difference(session.id, null)).text).toContain('+two');

  // Whoever leaves no repository behind has changed nothing that could be told.
  declare('destroyer', 'rm -rf .git; echo x >b');
  const destroyed = await run({ agent: 'destroyer', repository: source });
  expect(destroyed).toMatchObject({ outcome: { label: 'success' }, work: { collected: null, kept: false } });
});

test('changes go to a new branch as the commits that they are, or to a folder as a whole or not at all', async () => {
  const { folder, declare, run, work, data } = await someWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n', 'b.txt': 'b\n' });
  declare(
    'worker',
    `echo two >>a.txt; git commit -qam second; echo b2 >b.txt; echo new >c.txt; echo d.txt >.git/info/exclude; echo d >d.txt`,
  );
  const { id } = await run({ agent: 'worker', repository: source });
  writeFileSync(join(source, 'a.txt'), 'changed meanwhile\n');
  const refused = await problemOf(work.apply({ session: id, folder: source, branch: null }, operator));
  expect(refused.message).toMatch(/do not fit .*a\.txt/);
  expect(readFileSync(join(source, 'b.txt'), 'utf8')).toBe('b\n');
  expect(readdirSync(source)).not.toContain('c.txt');
  const onto = (branch: string, where = source) =>
    work.apply({ session: id, folder: where, branch }, operator);
  expect((await problemOf(onto('main'))).message).toContain('has a branch “main” already');
  expect((await problemOf(onto('a..b'))).message).toContain('is no name of a branch');
  const other = repository(join(folder, 'other'), { z: 'z' });
  expect((await problemOf(onto('fine', other))).message).toContain('does not have the commit');
  expect((await problemOf(work.apply({ session: id, folder: data, branch: null }, operator))).code).toBe(
    'forbidden',
  );
  writeFileSync(join(source, '.git/hooks/reference-transaction'), '#!/bin/sh\ntouch ran-a-hook\n', {
    mode: 0o755,
  });
  give(source);
  const { commit } = await onto('from/agent');
  expect(git(source, 'log', '--format=%s', 'main..from/agent')).toBe(
    'What worker left uncommitted\nsecond\n',
  );
  expect(git(source, 'rev-parse', 'from/agent').trim()).toBe(commit);
  expect(git(source, 'show', 'from/agent:c.txt')).toBe('new\n');
  expect(readdirSync(source)).not.toContain('ran-a-hook');
  expect((await problemOf(onto('once-more'))).message).toContain('Nothing that it changed is kept');
});

test('who goes back to an earlier commit, or makes an empty one, has done that', async () => {
  const { folder, declare, run, work } = await someWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const earlier = git(source, 'rev-parse', 'HEAD').trim();
  writeFileSync(join(source, 'a.txt'), 'two\n');
  git(source, 'commit', '-qam', 'second');
  give(source);
  const onto = async (agent: string, branch: string | null) => {
    const { id, work: done } = await run({ agent, repository: source });
    expect(done).toMatchObject({ kept: true });
    return work.apply({ session: id, folder: source, branch }, operator);
  };
  declare('back', 'git reset -q --hard HEAD~1');
  expect(await onto('back', 'earlier')).toMatchObject({ commit: earlier, files: 1 });
  expect(git(source, 'rev-parse', 'earlier').trim()).toBe(earlier);
  declare('empty', 'git commit -q --allow-empty -m nothing');
  expect(await onto('empty', null)).toMatchObject({ files: 0 });
});
