import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { partsOf, readKept } from '../reviewing/kept-folder.ts';
import type { Sandbox } from '../sandbox.ts';
import { createReviewer } from '../review.ts';
import { openContainerHouse } from '../testing/container-executor.ts';
import { namespaceExecutor } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell, until } from '../testing/sandbox-house.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../testing/throw-away-engine.ts';
import { clientFor } from './engine-client.ts';

const why = withoutEngine('dockerd');
const live = new AbortController().signal;
const deep = (folders: number) => Array.from({ length: folders }, () => 'f'.repeat(250));
const run = promisify(execFile);
const answer = [() => true, () => false] as const;
const wayOf = ({ layers }: Sandbox) => layers.find(({ id }) => id === 'review')?.detail;

describe.skipIf(why !== null)(`folders under review${why === null ? '' : `, not tried here: ${why}`}`, () => {
  let docker: ThrowAwayEngine;
  let house: SandboxHouse;
  beforeAll(async () => {
    docker = await startDocker();
    house = await openContainerHouse(docker);
  });
  afterEach(() => house.clear());
  afterAll(async () => {
    await house.close();
    await docker.stop();
  });
  const nothingLeft = async () => {
    const api = clientFor(docker.socket);
    expect(await api.listContainers({ all: true })).toEqual([]);
    expect((await api.listVolumes()).Volumes ?? []).toEqual([]);
  };

  test('an overlay copies nothing, and what was changed outlives the container', async () => {
    const folder = await house.newFolder();
    await house.put(join(folder, 'large'), Buffer.alloc(20 << 20));
    const plan = await house.plan({ folders: [{ path: folder, mode: 'review' }] });
    const sandbox = await (await house.executor.prepare(plan, live)).start();
    expect(wayOf(sandbox)).toMatch(/overlay of/);
    expect((await shell(sandbox, 'wc -c <large; echo x >small')).out).toBe('20971520\n');
    await sandbox.teardown();
    const { upper, own } = partsOf(plan.kept, { place: '0' });
    expect(await readdir(upper)).toEqual(['small']);
    // The kernel's own work folder would be nobody else's to remove.
    expect(await readdir(own)).toEqual(['upper']);
    await nothingLeft();
  });

  test('what was changed in an overlay of the engine is gone on with by others, as a copy', async () => {
    const folder = await house.newFolder();
    for (const name of ['a', 'gone', 'old/hidden']) {
      await house.newFolder(join(folder, name, '..'));
      await house.put(join(folder, name), 'before');
    }
    const { kept, masked } = await house.plan();
    const work = async (at: string, script: string) => {
      const sandbox = await house.start({ kept: at, folders: [{ path: folder, mode: 'review' }] });
      const { out, err } = await shell(sandbox, `cd ${folder}; ${script}`);
      await sandbox.teardown();
      return out + err;
    };
    await work(kept, 'echo after >a; rm gone; rm -r old; mkdir old; touch old/new');
    const executor = namespaceExecutor(join(house.folder, 'data'));
    onTestFinished(() => executor.close());
    const reviewer = createReviewer({ openOwn: executor.openOwn, masked: () => Promise.resolve(masked) });
    const again = join(kept, '..', 'again', 'kept');
    await reviewer.copy(kept, again, live);
    expect((await reviewer.changes(again))[0]?.changes).toEqual((await reviewer.changes(kept))[0]?.changes);
    expect(await work(again, 'ls; ls old; cat a')).toBe('a\nold\nnew\nafter\n');
    await nothingLeft();
  });

  test('a folder whose name means options to a mount is copied', async () => {
    const folder = await house.newFolder(
      await house.newFolder(),
      'odd, name: with \\ and "quotes"\non two lines',
    );
    await house.put(join(folder, 'file'), 'before');
    const sandbox = await house.start({ folders: [{ path: folder, mode: 'review' }] });
    expect(wayOf(sandbox)).toMatch(/copy|clone/);
    expect((await shell(sandbox, 'printf after >file; cat file')).out).toBe('after');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('before');
  });

  test('where the engine cannot lay the overlay after all, there is a copy, without what is hidden', async () => {
    // The kernel takes one page of a mount's options, and these paths are longer together.
    const folder = await house.newFolder(await house.newFolder(), ...deep(6));
    await house.put(join(folder, 'file'), 'before');
    const own = join(folder, 'own');
    const kept = join(own, ...deep(2));
    await mkdir(kept, { recursive: true });
    await house.put(join(own, 'key'), 'private');
    const plan = await house.plan({ folders: [{ path: folder, mode: 'review' }], masked: [own], kept });
    const sandbox = await (await house.executor.prepare(plan, live)).start();
    try {
      expect(wayOf(sandbox)).toMatch(/copy|clone/);
      const { out } = await shell(sandbox, 'printf after >file; cat file; ls -A own; find / -name key');
      expect(out).toBe('after');
      expect(await readKept(kept)).toMatchObject([{ path: folder, place: '0' }]);
      const names = await readFile(partsOf(kept, { place: '0' }).names, 'utf8');
      expect(names.split('\0').toSorted()).toEqual(['', 'file', 'own']);
    } finally {
      await sandbox.teardown();
    }
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('before');
    expect(await readdir(join(kept, '0'))).toEqual(expect.arrayContaining(['copy', 'names']));
    await nothingLeft();
  });

  test('what Holdfast keeps directly within it is hidden under an overlay, too', async () => {
    const folder = await house.newFolder();
    const own = await house.newFolder(folder, 'own');
    await house.put(join(own, 'key'), 'private');
    const sandbox = await house.start({ folders: [{ path: folder, mode: 'review' }], masked: [own] });
    expect(wayOf(sandbox)).toMatch(/overlay of/);
    expect((await shell(sandbox, 'ls -A own; mv own away; find . -name key')).out).toBe('');
  });

  test('what cannot be copied is a refusal, and nothing stays', async () => {
    const folder = await house.newFolder(await house.newFolder(), 'a,b');
    await house.put(join(folder, 'closed'), 'closed');
    await chmod(join(folder, 'closed'), 0o000);
    const wish = { folders: [{ path: folder, mode: 'review' as const }] };
    await expect(house.start(wish)).rejects.toMatchObject({ code: 'storage_failed' });
    await nothingLeft();
    expect(await readdir(join(house.folder, 'data', 'sandboxes'))).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test.each(['an overlay', 'a copy'])('a disk total over %s is kept by a watchdog', async (way) => {
    const parts = way === 'a copy' ? [await house.newFolder(), 'a,b'] : [];
    const folder = await house.newFolder(...parts);
    // What was there before does not count.
    await house.put(join(folder, 'before'), Buffer.alloc(8 << 20, 1));
    const sandbox = await house.start({
      folders: [{ path: folder, mode: 'review' }],
      limits: { diskBytes: 4 << 20, supervised: true },
    });
    expect(sandbox.layers.find(({ id }) => id === 'disk')?.holds).toBe('watchdog');
    expect((await shell(sandbox, 'head -c 1000000 /dev/zero >small; wc -c <small')).out).toBe('1000000\n');
    const script = 'while :; do head -c 1000000 /dev/zero >>large || exit; sleep 0.05; done';
    const bomb = await sandbox.exec({ argv: ['/bin/sh', '-c', script], cwd: folder });
    expect(await sandbox.ended).toEqual({ how: 'ended', reason: 'it wrote more than 4 MiB' });
    expect((await bomb.ended).how).toBe('lost');
  });

  test('the temporary space counts in that total', async () => {
    const folder = await house.newFolder();
    const sandbox = await house.start({
      folders: [{ path: folder, mode: 'review' }],
      limits: { diskBytes: 4 << 20, supervised: true },
    });
    const script = 'head -c 1800000 /dev/zero >/tmp/x; head -c 3000000 /dev/zero >large; exec sleep 98763';
    const bomb = await sandbox.exec({ argv: ['/bin/sh', '-c', script], cwd: folder });
    expect(await sandbox.ended).toEqual({ how: 'ended', reason: 'it wrote more than 4 MiB' });
    await bomb.ended;
  });

  test('without a person’s word it is refused, with the mend', async () => {
    const folder = await house.newFolder();
    const wish = { folders: [{ path: folder, mode: 'review' as const }], limits: { diskBytes: 16 << 20 } };
    const mend = expect.stringMatching(/--supervised/) as string;
    await expect(house.start(wish)).rejects.toMatchObject({ code: 'unavailable', mend });
  });

  test('an ordinary user’s are reviewed the same way, and all that was kept can be removed', async ({
    skip,
  }) => {
    const program = join(import.meta.dirname, '..', 'testing', 'review-in-containers.ts');
    const ordinary = { uid: 1001, gid: 1001 };
    const reached = run('test', ['-r', program, '-a', '-x', process.execPath], ordinary);
    skip(!(await reached.then(...answer)), 'an ordinary user cannot reach the folder of this program');
    // As the group of the socket would let that user.
    await Promise.all([chmod(docker.folder, 0o755), chmod(docker.socket, 0o666)]);
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...docker.environment };
    const { stdout } = await run(process.execPath, [program], { env, timeout: 25_000, ...ordinary });
    const each = { out: 'beforefolder\n', end: { how: 'ended', reason: 'it wrote more than 4 MiB' } };
    expect(JSON.parse(stdout)).toEqual([
      { ...each, left: ['upper'] },
      { ...each, left: expect.arrayContaining(['copy', 'names']) as string[] },
    ]);
    await nothingLeft();
  });

  test('a session that is cancelled while its folder is copied leaves nothing', async () => {
    const folder = await house.newFolder(await house.newFolder(), 'a,b');
    await house.put(join(folder, 'file'), Buffer.alloc(32 << 20, 1));
    const plan = await house.plan({ folders: [{ path: folder, mode: 'review' }] });
    const cancelling = new AbortController();
    const prepared = house.executor.prepare(plan, cancelling.signal);
    prepared.catch(() => undefined);
    await until(() => stat(partsOf(plan.kept, { place: '0' }).copy).then(...answer));
    cancelling.abort();
    await expect(prepared).rejects.toThrow(/cancel|abort/i);
    await nothingLeft();
  });
});
