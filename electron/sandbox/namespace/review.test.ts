import { chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { partsOf, readKept } from '../reviewing/kept-folder.ts';
import type { Sandbox, SandboxPlan } from '../sandbox.ts';
import { namespaceExecutor, openNamespaceHouse, sandboxUid } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';

const live = new AbortController().signal;
const started: Sandbox[] = [];
let house: SandboxHouse;
afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.teardown();
  await house.close();
});

async function original(): Promise<string> {
  const folder = await house.newFolder();
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'kept'), 'as it was');
  await writeFile(join(folder, 'changed'), 'as it was');
  await writeFile(join(folder, 'sub', 'removed'), 'as it was');
  await symlink('kept', join(folder, 'link'));
  if (process.getuid?.() === 0) {
    for (const name of ['sub', 'kept', 'changed', 'sub/removed']) {
      await chown(join(folder, name), sandboxUid(), sandboxUid());
    }
  }
  return folder;
}

async function reviewing(folder: string): Promise<{ plan: SandboxPlan; sandbox: Sandbox }> {
  const plan = await house.plan({ folders: [{ path: folder, mode: 'review' }] });
  const prepared = await house.executor.prepare(plan, live);
  const sandbox = await prepared.start();
  started.push(sandbox);
  return { plan, sandbox };
}

const work = 'echo new >changed; echo added >added; rm sub/removed; cat kept changed added link; ls sub';

describe.each([
  { name: 'on an overlay', overlays: true, ways: ['overlay'] },
  { name: 'on a copy, where no overlay can be laid', overlays: false, ways: ['clone', 'copy'] },
])('$name', ({ overlays, ways }) => {
  beforeEach(async () => {
    house = await openNamespaceHouse({ overlays });
  });

  test('the sandbox works on its own version, and the original stays as it is', async () => {
    const folder = await original();
    const { plan, sandbox } = await reviewing(folder);
    const { out, err } = await shell(sandbox, work);
    expect({ out, err }).toEqual({ out: 'as it wasnew\nadded\nas it was', err: '' });
    expect(await readFile(join(folder, 'changed'), 'utf8')).toBe('as it was');
    expect((await readdir(folder)).toSorted()).toEqual(['changed', 'kept', 'link', 'sub']);
    expect(await readdir(join(folder, 'sub'))).toEqual(['removed']);
    const [kept] = await readKept(plan.kept);
    const { dev, ino } = await stat(folder, { bigint: true });
    expect(kept).toMatchObject({ path: folder, device: String(dev), inode: String(ino), place: '0' });
    expect(ways).toContain(kept?.way);
    const said = sandbox.layers.find(({ id }) => id === 'review')?.detail;
    expect(said).toMatch(kept?.way === 'overlay' ? /overlay/ : /clone|copy/);
  });

  test('what it changed outlives the sandbox', async () => {
    const folder = await original();
    const { plan, sandbox } = await reviewing(folder);
    await shell(sandbox, work);
    await sandbox.teardown();
    const { upper, copy } = partsOf(plan.kept, { place: '0' });
    const version = overlays ? upper : copy;
    expect(await readFile(join(version, 'changed'), 'utf8')).toBe('new\n');
    expect(await readFile(join(version, 'added'), 'utf8')).toBe('added\n');
  });

  test('a folder under review inside one that is read, and two at once', async () => {
    const [outer, other] = [await original(), await original()];
    const sandbox = await house.start({
      folders: [
        { path: outer, mode: 'ro' },
        { path: join(outer, 'sub'), mode: 'review' },
        { path: other, mode: 'review' },
      ],
    });
    const { out } = await shell(
      sandbox,
      `cd ${outer}; echo x >changed 2>/dev/null || echo refused; echo x >sub/removed; cat sub/removed; cd ${other}; echo y >kept; cat kept`,
    );
    expect(out).toBe('refused\nx\ny\n');
    expect(await readFile(join(outer, 'sub/removed'), 'utf8')).toBe('as it was');
    expect(await readFile(join(other, 'kept'), 'utf8')).toBe('as it was');
  });
});

test('a copy tells what the original held', async () => {
  house = await openNamespaceHouse({ overlays: false });
  const { plan } = await reviewing(await original());
  const names = await readFile(partsOf(plan.kept, { place: '0' }).names, 'utf8');
  expect(names.split('\0').toSorted()).toEqual(['', 'changed', 'kept', 'link', 'sub', 'sub/removed']);
});

test('an overlay copies nothing, however large the folder', async () => {
  house = await openNamespaceHouse();
  const folder = await original();
  await writeFile(join(folder, 'large'), Buffer.alloc(20 << 20));
  const { plan, sandbox } = await reviewing(folder);
  await shell(sandbox, 'wc -c large; echo x >small');
  expect(await readdir(partsOf(plan.kept, { place: '0' }).upper)).toEqual(['small']);
});

// A group that the account is in, as `users` is for many; only root can give a folder to another one here.
test.runIf(process.getuid?.() === 0)('a folder of another group is copied, and can be written', async () => {
  house = await openNamespaceHouse();
  const folder = await original();
  for (const name of ['.', 'changed']) await chown(join(folder, name), house.uid, 100);
  const { plan, sandbox } = await reviewing(folder);
  const { out, err } = await shell(sandbox, 'echo new >changed; cat changed');
  expect([out, err]).toEqual(['new\n', '']);
  expect(await readFile(join(partsOf(plan.kept, { place: '0' }).copy, 'changed'), 'utf8')).toBe('new\n');
});

test('Holdfast’s own work on what was kept has a sandbox too', async () => {
  house = await openNamespaceHouse();
  const folder = await original();
  const { plan, sandbox } = await reviewing(folder);
  await shell(sandbox, work);
  await sandbox.teardown();
  const executor = namespaceExecutor(join(house.folder, 'data'));
  onTestFinished(() => executor.close());
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const own = await executor.openOwn({
    session: plan.session,
    folders: [{ path: folder, fd, mode: 'rw' }],
    own: [{ path: plan.kept, at: '/kept', writable: false }],
    masked: plan.masked,
  });
  started.push(own);
  closeSync(fd);
  const { upper } = partsOf('/kept', { place: '0' });
  await own.files.copy(join(upper, 'changed'), join(folder, 'changed'));
  expect(await readFile(join(folder, 'changed'), 'utf8')).toBe('new\n');
  const refused = own.files.write(join(upper, 'changed'), Buffer.from('x'), { how: 'append' });
  await expect(refused).rejects.toMatchObject({ name: 'Problem' });
});
