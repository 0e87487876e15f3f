import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { askBubblewrap, findBubblewrap } from '../bubblewrap/find-bubblewrap.ts';
import { namespaceExecutor, openNamespaceHouse } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';

const searchPath = process.env['PATH'];
const live = new AbortController().signal;
const conflict = { name: 'Problem', code: 'conflict', mend: expect.any(String) as string };
const houses: SandboxHouse[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.close();
});

/** The same bubblewrap, saying that it lacks these options. */
async function olderBubblewrap(folder: string, ...lacking: string[]): Promise<string> {
  const { path } = await findBubblewrap(searchPath);
  const older = join(folder, 'older-bwrap');
  const drop = lacking.map((option) => `-e '/${option}/d'`).join(' ');
  await writeFile(
    older,
    `#!/bin/sh\n[ "$1" = --help ] && exec ${path} --help 2>&1 | sed ${drop} && exit\nexec ${path} "$@"\n`,
  );
  await chmod(older, 0o755);
  return older;
}

const ways = [
  { name: 'by descriptor', older: false },
  { name: 'by path, where bubblewrap knows no other way', older: true },
];

async function houseOf(older: boolean): Promise<SandboxHouse> {
  const place = await openNamespaceHouse();
  houses.push(place);
  if (!older) return place;
  const bubblewrap = await olderBubblewrap(place.folder, 'bind-fd');
  expect(await askBubblewrap(bubblewrap)).toMatchObject({ bindsByDescriptor: false });
  const house = await openNamespaceHouse({ bubblewrap });
  houses.push(house);
  return house;
}

describe.each(ways)('bound $name', ({ older }) => {
  test('a granted folder is the one that was opened', async () => {
    const house = await houseOf(older);
    const folder = await house.newFolder();
    await writeFile(join(folder, 'text'), 'granted');
    const sandbox = await house.start({ folders: [{ path: folder, mode: 'ro' }] });
    expect((await shell(sandbox, 'cat text')).out).toBe('granted');
  });

  test.each(['a link', 'a folder'])('%s put in its place never comes in', async (what) => {
    const house = await houseOf(older);
    const folder = await house.newFolder('granted');
    const other = await house.newFolder('other');
    await writeFile(join(folder, 'text'), 'granted');
    await writeFile(join(other, 'text'), 'what lies outside');
    const prepared = await house.executor.prepare(
      await house.plan({ folders: [{ path: folder, mode: 'rw' }] }),
      live,
    );
    await rename(folder, `${folder}-moved`);
    await (what === 'a link' ? symlink(other, folder) : rename(other, folder));
    if (older) await expect(prepared.start()).rejects.toMatchObject(conflict);
    else expect((await shell(await prepared.start(), 'cat text')).out).toBe('granted');
    await prepared.teardown();
  });

  test('another repository in the place of one that is protected is not taken for it', async () => {
    const house = await houseOf(older);
    const folder = await house.newFolder();
    for (const name of ['.git', 'other']) {
      await mkdir(join(folder, name, 'hooks'), { recursive: true });
      await writeFile(join(folder, name, 'config'), name);
    }
    const prepared = await house.executor.prepare(
      await house.plan({ folders: [{ path: folder, mode: 'rw' }] }),
      live,
    );
    await rename(join(folder, '.git'), join(folder, 'old'));
    await rename(join(folder, 'other'), join(folder, '.git'));
    if (older) await expect(prepared.start()).rejects.toMatchObject(conflict);
    else expect((await shell(await prepared.start(), 'cat .git/config')).out).toBe('.git');
    await prepared.teardown();
  });
});

test('a bubblewrap that lacks what is needed is refused with the mend', async () => {
  const house = await houseOf(false);
  const bubblewrap = await olderBubblewrap(house.folder, 'die-with-parent');
  const executor = namespaceExecutor(house.folder, { bubblewrap });
  const refused = { code: 'unavailable', mend: expect.stringMatching(/container/) as string };
  await expect(executor.prepare(await house.plan(), live)).rejects.toMatchObject(refused);
});

test('without bubblewrap nothing is run at all', async () => {
  const house = await houseOf(false);
  const executor = namespaceExecutor(house.folder, { environment: { PATH: house.folder } });
  const refused = { code: 'unavailable', mend: expect.stringMatching(/apt install bubblewrap/) as string };
  await expect(executor.prepare(await house.plan(), live)).rejects.toMatchObject(refused);
});

test('where the kernel makes no user namespaces nothing is run, and it is said why', async () => {
  const house = await houseOf(false);
  const { path } = await findBubblewrap(searchPath);
  const bubblewrap = join(house.folder, 'forbidden-bwrap');
  const said = 'bwrap: No permissions to create new namespace, likely because the kernel does not allow it.';
  await writeFile(
    bubblewrap,
    `#!/bin/sh\ncase "$1" in --help|--version) exec ${path} "$1";; esac\necho '${said}' >&2\nexit 1\n`,
  );
  await chmod(bubblewrap, 0o755);
  const executor = namespaceExecutor(house.folder, { bubblewrap });
  onTestFinished(() => executor.close());
  const prepared = await executor.prepare(await house.plan(), live);
  const refused = { code: 'unavailable', mend: expect.stringMatching(/holdfast doctor/) as string };
  await expect(prepared.start()).rejects.toMatchObject(refused);
  await prepared.teardown();
  const findings = await executor.look();
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'namespaces', state: 'missing', mend: expect.any(String) as string }),
  );
});
