import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FolderChanges } from '../../shared/contract/reviewing.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';

/** Under whom root’s sandboxes run. */
const nobody = 65_534;

test('what a session did under review is shown, applied in part, and the rest thrown away, also after a restart', async () => {
  const daemon = await startDaemon();
  const data = daemon.folder;
  const work = testFolder();
  chmodSync(work, 0o777);
  for (const name of ['kept', 'changed', 'gone']) {
    writeFileSync(join(work, name), `${name}\n`);
    // An overlay cannot take over what belongs to an account that the sandbox does not know.
    if (process.getuid?.() === 0) chownSync(join(work, name), nobody, nobody);
  }
  const script = 'echo more >> changed; rm gone; echo new > added; cat kept';
  const args = ['shell', '--data', data, '--folder', `${work}:review`, '--', 'sh', '-c', script];
  const shell = beginHoldfast(data, args);
  expect((await shell.ended).code, shell.stderr()).toBe(0);
  expect(shell.stdout()).toBe('kept\n');
  expect(shell.stderr()).toMatch(/new +\S+added[^]*changed +\S+changed/);
  expect(shell.stderr()).toMatch(/removed +\S+gone/);
  const id = /holdfast apply (ses_\w+)/.exec(shell.stderr())?.[1] ?? '';
  expect(readFileSync(join(work, 'changed'), 'utf8')).toBe('changed\n');

  await holdfast(data, ['stop']);
  await daemon.ended;
  await startDaemon({ folder: data });
  const [folder] = await answerOf<FolderChanges[]>(data, 'changes', id);
  expect(folder?.changes.map(({ path }) => path).toSorted()).toEqual(
    ['added', 'changed', 'gone'].map((name) => join(work, name)),
  );
  const one = await holdfast(data, ['changes', id, 'changed']);
  expect(one.stdout).toContain('+more');
  const applied = await holdfast(data, ['apply', id, 'changed', 'added']);
  expect(applied).toMatchObject({ code: 0, stdout: 'Applied 2; 1 wait still.\n' });
  expect(readFileSync(join(work, 'changed'), 'utf8')).toBe('changed\nmore\n');
  expect(readFileSync(join(work, 'added'), 'utf8')).toBe('new\n');
  expect(existsSync(join(work, 'gone'))).toBe(true);
  const asked = await holdfast(data, ['discard', id]);
  expect(asked.stderr).toContain('Add --yes.');
  expect((await holdfast(data, ['discard', id, '--yes'])).code).toBe(0);
  expect(existsSync(join(work, 'gone'))).toBe(true);
  expect(existsSync(join(data, 'sessions', id))).toBe(false);
  expect((await holdfast(data, ['sessions'])).stdout).toBe('None.\n');
});

test(
  'parts of a run share what they change under review, also after kill -9 and in a fork; it is decided on once',
  { timeout: 60_000 },
  async () => {
    const data = testFolder();
    const work = testFolder();
    chmodSync(work, 0o777);
    writeFileSync(join(work, 'changed'), 'changed\n');
    if (process.getuid?.() === 0) {
      for (const path of [work, join(work, 'changed')]) chownSync(path, nobody, nobody);
    }
    const part = (id: string, script: string, after: string[] = []) => ({
      id,
      role: 'runner',
      params: { command: ['sh', '-c', `cd ${work}; ${script}`] },
      depends_on: after,
    });
    const subtasks = [
      part('write', 'echo more >>changed; echo new >added'),
      part('read', 'cat added changed; test -e go || sleep 600; echo second >>added', ['write']),
    ];
    const plan = join(data, 'plan.json');
    writeFileSync(plan, JSON.stringify({ subtasks }));
    const daemon = await startDaemon({ folder: data });
    const first = beginHoldfast(data, [
      'submit',
      '--plan',
      plan,
      '--folder',
      `${work}:review`,
      '--data',
      data,
    ]);
    await until(() => first.stdout().includes('sleep 600'));
    const run = /run_[0-9a-z]{26}/.exec(first.stderr())?.[0] ?? '';
    daemon.child.kill('SIGKILL');
    await daemon.ended;

    await startDaemon({ folder: data });
    await until(() => first.stdout().includes('a person decides'));
    const sessions = await answerOf<{ id: string; activity?: string }[]>(data, 'sessions');
    const unsure = sessions.find(({ activity }) => activity === 'unsure');
    expect((await holdfast(data, ['settle', unsure!.id, 'skip'])).code).toBe(0);
    await first.ended;
    expect(first.stderr()).toContain(`holdfast apply ${run}`);
    const [folder] = await answerOf<FolderChanges[]>(data, 'changes', run.slice(0, -2));
    const changed = folder?.changes.map(({ path, kind }) => [path.slice(work.length + 1), kind]);
    expect(changed?.toSorted()).toEqual([
      ['added', 'added'],
      ['changed', 'modified'],
    ]);
    writeFileSync(join(work, 'go'), '');

    const again = await holdfast(data, ['fork', run, 'read']);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toContain('new\nchanged\nmore\n');
    const second = /holdfast apply (run_\w+)/.exec(again.stderr)?.[1] ?? '';
    expect((await holdfast(data, ['changes', second, 'added'])).stdout).toContain('+second');
    const applied = await holdfast(data, ['apply', second, 'added']);
    expect(applied).toMatchObject({ code: 0, stdout: 'Applied 1; 1 wait still.\n' });
    expect((await holdfast(data, ['discard', second, '--yes'])).stdout).toContain('success');
    expect(readFileSync(join(work, 'added'), 'utf8')).toBe('new\nsecond\n');
    expect(readFileSync(join(work, 'changed'), 'utf8')).toBe('changed\n');
    expect((await holdfast(data, ['discard', run, '--yes'])).code).toBe(0);
    expect(readdirSync(join(data, 'reviews'))).toEqual([]);
  },
);
