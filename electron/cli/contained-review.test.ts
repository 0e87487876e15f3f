import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FolderChanges } from '../../shared/contract/sessions.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon, testFolder } from './testing/launch.ts';

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
