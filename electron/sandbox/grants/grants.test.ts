import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findGitPlaces } from './git-places.ts';
import { masksWithin } from './masks.ts';
import { otherNames, parseMounts } from './mount-table.ts';
import { shallowFirst } from './order.ts';
import { mountsOf, repositoriesOf } from './protected.ts';
import { isWithin, outermost } from './within.ts';

const wide = { folders: 1000, depth: 20 };

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
  const { places, whole } = await findGitPlaces(home, wide);
  expect(whole).toBe(true);
  const at = (...parts: string[]) => join(home, ...parts);
  expect(places).toEqual([
    {
      git: at('.git'),
      type: 'folder',
      readOnly: [
        { path: at('.git', 'config'), there: 'file', type: 'file', empty: '' },
        { path: at('.git', 'hooks'), there: 'folder', type: 'folder', empty: '' },
        { path: at('.git', 'commondir'), there: 'missing', type: 'file', empty: '.\n' },
        {
          path: at('.git', 'worktrees', 'other', 'commondir'),
          there: 'missing',
          type: 'file',
          empty: '../..\n',
        },
        { path: at('.git', 'worktrees', 'other', 'config.worktree'), there: 'file', type: 'file', empty: '' },
        { path: at('.git', 'modules', 'lib', 'deep', 'config'), there: 'missing', type: 'file', empty: '' },
        { path: at('.git', 'modules', 'lib', 'deep', 'hooks'), there: 'folder', type: 'folder', empty: '' },
        {
          path: at('.git', 'modules', 'lib', 'deep', 'commondir'),
          there: 'missing',
          type: 'file',
          empty: '.\n',
        },
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

test('what a configuration names is found: what it includes, its hooks, and what it runs from its own folder', async () => {
  await folder('.git', 'hooks');
  await folder('.githooks');
  await folder('.git', 'lfs');
  const config = `[include]
\tpath = more.inc
\tpath = ../.gitconfig
[extensions]
\tworktreeConfig = true
[core]
\thooksPath = .githooks
\tfsmonitor = ".git/watch --now"
[remote "origin"]
\turl = ../elsewhere.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[lfs]
\tstorage = .git/lfs
`;
  await writeFile(join(home, '.git', 'config'), config);
  const [place] = (await findGitPlaces(home, wide)).places;
  expect(place?.readOnly.map(({ path }) => path.slice(home.length + 1))).toEqual([
    '.git/config',
    '.git/hooks',
    '.git/commondir',
    '.git/config.worktree',
    '.git/more.inc',
    '.gitconfig',
    '.githooks',
    '.git/watch',
  ]);
});

test('a repository by a link, one with a link in it, and a grant of its inside are refused for writing', async () => {
  await folder('real', '.git', 'elsewhere');
  await symlink('elsewhere', join(home, 'real', '.git', 'hooks'));
  await folder('linked');
  await symlink('../real/.git', join(home, 'linked', '.git'));
  const account = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const places = await repositoriesOf(home);
  expect(places).toHaveLength(2);
  for (const place of places) {
    await expect(mountsOf(home, place, account)).rejects.toMatchObject({ code: 'forbidden' });
  }
  await expect(repositoriesOf(join(home, 'real', '.git'))).rejects.toMatchObject({ code: 'forbidden' });
});

test('what is missing is made as git takes it for nothing, once, and not where the account cannot write', async () => {
  await folder('.git');
  const [place] = await repositoriesOf(home);
  const account = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const readOnly = ['config', 'hooks', 'commondir'].map((name) => join(home, '.git', name));
  const all = { held: [join(home, '.git')], readOnly };
  expect(await mountsOf(home, place!, account)).toEqual(all);
  // Another that was looking at the same time finds it made.
  expect(await mountsOf(home, place!, account)).toEqual(all);
  expect((await readdir(join(home, '.git'))).toSorted()).toEqual(['commondir', 'config', 'hooks']);
  expect(await readFile(join(home, '.git', 'commondir'), 'utf8')).toBe('.\n');
  await folder('other', '.git');
  const [, other] = await repositoriesOf(home);
  expect((await mountsOf(home, other!, { uid: 12_345, gid: 12_345 })).readOnly).toEqual([]);
  await chmod(join(home, 'other', '.git'), 0o777);
  expect((await mountsOf(home, other!, { uid: 12_345, gid: 12_345 })).readOnly).toHaveLength(3);
});
