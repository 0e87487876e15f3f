import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findGitPlaces } from './git-places.ts';
import { masksWithin } from './masks.ts';
import { otherNames, parseMounts } from './mount-table.ts';
import { shallowFirst } from './order.ts';
import { isWithin, outermost } from './within.ts';

let home: string;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'holdfast-grants-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((handle) => handle.close()));
  await rm(home, { recursive: true, force: true });
});

async function granted(path: string) {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  opened.push(handle);
  return { path, fd: handle.fd };
}

const folder = async (...parts: string[]) => {
  const path = join(home, ...parts);
  await mkdir(path, { recursive: true });
  return path;
};

test('a folder granted inside another comes after it, and the same one twice is refused', () => {
  const order = shallowFirst([{ path: '/a/b/c' }, { path: '/' }, { path: '/a' }, { path: '/a/b' }]);
  expect(order.map(({ path }) => path)).toEqual(['/', '/a', '/a/b', '/a/b/c']);
  expect(() => shallowFirst([{ path: '/a' }, { path: '/a' }])).toThrow(/granted twice/);
});

test('a name that only begins alike is not within', () => {
  expect(isWithin('/data-foo', '/data')).toBe(false);
  expect(isWithin('/data/foo', '/data')).toBe(true);
  expect(isWithin('/data', '/')).toBe(true);
  expect(outermost(['/a/b', '/a', '/ab', '/a'])).toEqual(['/a', '/ab']);
});

test('what Holdfast keeps is covered inside a grant of the whole home folder', async () => {
  const data = await folder('state', 'holdfast');
  const socket = join(home, 'run.sock');
  await writeFile(socket, '');
  const masks = await masksWithin([await granted(home)], [data, socket, '/nowhere-near']);
  expect(masks).toEqual([
    { path: socket, type: 'file' },
    { path: data, type: 'folder' },
  ]);
});

test('a masked place that is not there yet is made, so that the sandbox cannot make it', async () => {
  const config = join(home, 'config', 'holdfast');
  const masks = await masksWithin([await granted(home)], [config]);
  expect(masks).toEqual([{ path: config, type: 'folder' }]);
  await expect(granted(config)).resolves.toBeTruthy();
});

test('a grant inside a mask is refused, by whatever name', async () => {
  const inside = await folder('holdfast', 'sessions');
  await symlink(join(home, 'holdfast'), join(home, 'other-name'));
  await expect(masksWithin([await granted(inside)], [join(home, 'holdfast')])).rejects.toThrow(
    /belongs to Holdfast/,
  );
  // The text of the path says nothing here; the folder that it leads to does.
  const byLink = { ...(await granted(join(home, 'other-name', 'sessions'))), path: '/elsewhere' };
  await expect(masksWithin([byLink], [join(home, 'holdfast')])).rejects.toThrow(/belongs to Holdfast/);
});

test('a mask is found where another mount shows it, in whole or in part', () => {
  const mounts = parseMounts(
    [
      '20 1 8:1 / / rw - ext4 /dev/sda rw',
      '21 20 8:2 / /home rw - ext4 /dev/sdb rw',
      '22 20 8:2 /u /mnt/my\\040home rw - ext4 /dev/sdb rw',
      '23 20 8:2 /u/state/holdfast/keys /keys rw - ext4 /dev/sdb rw',
      '24 20 8:2 /v /other rw - ext4 /dev/sdb rw',
    ].join('\n'),
  );
  expect(otherNames('/home/u/state/holdfast', mounts)).toEqual(['/mnt/my home/state/holdfast', '/keys']);
  expect(otherNames('/home/u', mounts)).toEqual(['/mnt/my home', '/keys']);
  expect(otherNames('/etc', mounts)).toEqual([]);
});

test('every repository of a grant is found: nested, submodules, work trees, and none by a link', async () => {
  await folder('.git', 'hooks');
  await writeFile(join(home, '.git', 'config'), '');
  await folder('.git', 'modules', 'lib', 'deep', 'hooks');
  await writeFile(join(home, '.git', 'modules', 'lib', 'deep', 'HEAD'), '');
  await folder('.git', 'worktrees', 'other');
  await writeFile(join(home, '.git', 'worktrees', 'other', 'config.worktree'), '');
  await folder('lib', 'deep');
  await writeFile(join(home, 'lib', 'deep', '.git'), 'gitdir: ../../.git/modules/lib/deep');
  await folder('elsewhere');
  await symlink(home, join(home, 'elsewhere', 'around'));
  const { places, whole } = await findGitPlaces(home);
  expect(whole).toBe(true);
  const at = (...parts: string[]) => join(home, ...parts);
  expect(places).toEqual([
    {
      git: at('.git'),
      type: 'folder',
      readOnly: [
        { path: at('.git', 'config'), there: 'file', type: 'file' },
        { path: at('.git', 'hooks'), there: 'folder', type: 'folder' },
        { path: at('.git', 'worktrees', 'other', 'config.worktree'), there: 'file', type: 'file' },
        { path: at('.git', 'modules', 'lib', 'deep', 'config'), there: 'missing', type: 'file' },
        { path: at('.git', 'modules', 'lib', 'deep', 'hooks'), there: 'folder', type: 'folder' },
      ],
    },
    { git: at('lib', 'deep', '.git'), type: 'file', readOnly: [] },
  ]);
});

test('the walk is bounded and says so', async () => {
  await folder('a', 'b', 'c', '.git');
  expect(await findGitPlaces(home, { folders: 100, depth: 1 })).toEqual({ places: [], whole: false });
  expect(await findGitPlaces(home, { folders: 2, depth: 10 })).toEqual({ places: [], whole: false });
});
