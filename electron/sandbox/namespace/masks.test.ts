import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openNamespaceHouse, sandboxUid } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';

let house: SandboxHouse;
beforeAll(async () => {
  house = await openNamespaceHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

const live = new AbortController().signal;

/** A whole home folder with Holdfast in it, as an ordinary user has it. */
async function home(name: string) {
  const path = await house.newFolder(name);
  const at = (...names: string[]) => join(path, ...names);
  for (const folder of ['.local/state/holdfast/keys', '.config', 'project']) {
    await mkdir(at(folder), { recursive: true });
  }
  await writeFile(at('.local/state/holdfast/keys/key'), 'the signing key');
  await writeFile(at('project/code'), 'code');
  const server = createServer();
  await once(server.listen(at('.local/state/holdfast/run.sock')), 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  if (process.getuid?.() === 0) {
    const all = ['.local', '.local/state', '.local/state/holdfast', '.config', 'project', 'project/code'];
    for (const each of all) await chown(at(each), sandboxUid(), sandboxUid());
  }
  await chmod(path, 0o755);
  const masked = [at('.local/state/holdfast'), at('.config/holdfast')];
  return { path, at, masked };
}

test('with the whole home folder granted, nothing of Holdfast’s is seen, changed or moved away', async () => {
  const { path, at, masked } = await home('home-rw');
  const sandbox = await house.start({
    folders: [{ path, mode: 'rw' }],
    masked,
    unixSockets: true,
  });
  const { out } = await shell(
    sandbox,
    `cat .local/state/holdfast/keys/key; ls -A .local/state/holdfast .config/holdfast
     echo x >.local/state/holdfast/planted; echo x >.config/holdfast/planted
     mv .local/state/holdfast away; mv .local/state away; mv .local away; mv .config away
     rm -rf .local .config
     chmod 777 .local/state/holdfast; mkdir .config/holdfast
     echo y >project/code; echo z >new; find . -name key; echo end`,
  );
  expect(out).toBe('.config/holdfast:\n\n.local/state/holdfast:\nend\n');
  expect(await readFile(at('.local/state/holdfast/keys/key'), 'utf8')).toBe('the signing key');
  await expect(stat(at('.local/state/holdfast/planted'))).rejects.toThrow(/ENOENT/);
  await expect(stat(at('.config/holdfast/planted'))).rejects.toThrow(/ENOENT/);
  expect((await stat(at('.config/holdfast'))).mode & 0o777).toBe(0o700);
  // What is the person's own can be written as granted.
  expect(await readFile(at('project/code'), 'utf8')).toBe('y\n');
  expect(sandbox.layers).toContainEqual(expect.objectContaining({ id: 'protected', holds: 'kernel' }));
});

test.each(['ro', 'review'] as const)('nor with it granted %s', async (mode) => {
  const { path, at, masked } = await home(`home-${mode}`);
  const sandbox = await house.start({ folders: [{ path, mode }], masked });
  const { out } = await shell(
    sandbox,
    `cat .local/state/holdfast/keys/key; ls -A .local/state/holdfast
     rm -rf .local; mv .local/state/holdfast away; echo end`,
  );
  expect(out).toBe('end\n');
  expect(await readFile(at('.local/state/holdfast/keys/key'), 'utf8')).toBe('the signing key');
});

test('it is hidden under every grant that shows it', async () => {
  const { path, at, masked } = await home('home-nested');
  const sandbox = await house.start({
    folders: [
      { path, mode: 'ro' },
      { path: at('.local/state'), mode: 'rw' },
    ],
    masked,
  });
  const { out } = await shell(sandbox, 'find / -name key 2>/dev/null; ls -A .local/state/holdfast; echo end');
  expect(out).toBe('end\n');
});

test('a folder of Holdfast’s own is never granted', async () => {
  const { at, masked } = await home('home-own');
  const plan = await house.plan({
    folders: [{ path: at('.local/state/holdfast/keys'), mode: 'ro' }],
    masked,
  });
  await expect(house.executor.prepare(plan, live)).rejects.toMatchObject({ code: 'forbidden' });
});

test('what the sandbox has of its own is not replaced by a grant', async () => {
  for (const path of ['/', '/tmp', '/etc', '/usr', '/home', '/proc/sys', '/dev/shm', '/sys/kernel']) {
    const plan = await house.plan({ folders: [{ path, mode: 'ro' }] });
    const refused = { code: 'forbidden', mend: expect.any(String) as string };
    await expect(house.executor.prepare(plan, live), path).rejects.toMatchObject(refused);
  }
});

test.runIf(process.getuid?.() === 0)(
  'root’s sandboxes get no folder that their account cannot use',
  async () => {
    const folder = await house.newFolder('roots-own');
    await chown(folder, 0, 0);
    const prepare = async (mode: 'ro' | 'rw') =>
      house.executor.prepare(await house.plan({ folders: [{ path: folder, mode }] }), live);
    await expect(prepare('rw')).rejects.toMatchObject({ mend: expect.stringContaining('chown') as string });
    await (await prepare('ro')).teardown();
    await chmod(folder, 0o700);
    await expect(prepare('ro')).rejects.toMatchObject({ code: 'forbidden' });
    // Nor one that lies behind a folder which it may not pass.
    const behind = join(folder, 'behind');
    await mkdir(behind);
    await chown(behind, sandboxUid(), sandboxUid());
    const prepared = await house.executor.prepare(
      await house.plan({ folders: [{ path: behind, mode: 'rw' }] }),
      live,
    );
    await expect(prepared.start()).rejects.toMatchObject({
      code: 'forbidden',
      mend: expect.any(String) as string,
    });
    await prepared.teardown();
  },
);
