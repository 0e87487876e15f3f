import { closeSync, constants, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SandboxPlan } from '../../sandbox.ts';
import { shell } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

function opened(path: string): number {
  const fd = openSync(path, 0o10_000_000 | constants.O_DIRECTORY);
  onTestFinished(() => closeSync(fd));
  return fd;
}

export function placedFolderTests(subject: Subject): void {
  async function started(plan: SandboxPlan) {
    const prepared = await subject.executor().prepare(plan, new AbortController().signal);
    const sandbox = await prepared.start();
    onTestFinished(() => sandbox.teardown());
    return sandbox;
  }

  test('folders stand at other places inside, and the home bears the name that was given', async () => {
    const house = subject.house();
    const read = await house.newFolder();
    const written = await house.newFolder();
    const own = await house.newFolder();
    await house.put(join(read, 'rules'), 'read only');
    const sandbox = await started({
      ...(await house.plan()),
      home: '/home/worker',
      folders: [
        { path: read, at: '/given/rules', mode: 'ro', fd: opened(read) },
        { path: written, at: '/home/worker/.tool', mode: 'rw', fd: opened(written) },
      ],
      own: [
        { path: own, at: '/home/worker/repo', fd: opened(own) },
        { path: read, at: '/given/input', writable: false, fd: opened(read) },
      ],
    });
    const { out } = await shell(
      sandbox,
      `cat /given/rules/rules; echo; echo "$HOME $USER"; id -un; cd && pwd
       echo x >/given/rules/new || echo refused; echo x >/given/input/new || echo refused
       echo kept >.tool/state && echo work >repo/file && echo gone >here && ls -A
       ls -d ${read} ${written} ${own} 2>/dev/null; echo end`,
      { cwd: '/home/worker' },
    );
    expect(out.split('\n').slice(0, 6)).toEqual([
      'read only',
      '/home/worker worker',
      'worker',
      '/home/worker',
      'refused',
      'refused',
    ]);
    expect(out).toMatch(/\.tool\nhere\nrepo\nend\n$/);
    expect(await readFile(join(written, 'state'), 'utf8')).toBe('kept\n');
    expect(await readFile(join(own, 'file'), 'utf8')).toBe('work\n');
  });

  test('what is hidden and what git would run stay so at another place', async () => {
    const house = subject.house();
    const folder = await house.newFolder();
    await house.newFolder(folder, 'project', '.git', 'hooks');
    await house.put(join(folder, 'project', '.git', 'config'), '[core]\n');
    const data = join(folder, 'holdfast');
    await mkdir(data, { mode: 0o700 });
    await writeFile(join(data, 'key'), 'the signing key');
    const sandbox = await started({
      ...(await house.plan()),
      masked: [data],
      folders: [{ path: folder, at: '/work', mode: 'rw', fd: opened(folder) }],
    });
    const { out } = await shell(
      sandbox,
      `cd /work; cat holdfast/key 2>/dev/null; ls -A holdfast; mv holdfast away 2>/dev/null
       (echo x >project/.git/config) 2>/dev/null || echo closed
       (echo x >project/.git/hooks/post-commit) 2>/dev/null || echo closed
       mv project/.git project/git 2>/dev/null || echo held; echo x >project/file && echo written`,
    );
    expect(out).toBe('closed\nclosed\nheld\nwritten\n');
  });

  test('nothing stands in the place of what is the sandbox’s own', async () => {
    const house = subject.house();
    const folder = await house.newFolder();
    for (const at of ['/home', '/home/worker', '/usr/local/lib/x', '/run/secrets/x', '/proc/x']) {
      const folders = [{ path: folder, at, mode: 'ro' as const, fd: opened(folder) }];
      const plan = { ...(await house.plan()), home: '/home/worker', folders };
      const refused = subject.executor().prepare(plan, new AbortController().signal);
      await expect(refused).rejects.toThrow(/cannot be given|Nothing can stand/);
    }
  });
}
