import { closeSync, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OwnEtc } from './own-etc.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-etc-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function system() {
  const root = await folder();
  await mkdir(join(root, 'certs'));
  await writeFile(join(root, 'certs/one.crt'), 'one');
  await symlink('one.crt', join(root, 'certs/first.crt'));
  await writeFile(join(root, 'cache'), 'cache');
  return {
    root,
    pieces: [
      { from: join(root, 'certs'), at: '/etc/ssl/certs' },
      { from: join(root, 'cache'), at: '/etc/ld.so.cache' },
    ],
  };
}

const read = (fd: number, name: string) => readFileSync(`/proc/self/fd/${fd}/${name}`, 'utf8');

test('the pieces and what is made up stand in one folder that every account may read', async () => {
  const [data, { pieces }] = [await folder(), await system()];
  const umask = process.umask(0o077);
  onTestFinished(() => void process.umask(umask));
  const etc = new OwnEtc(data, 'holdfast:0123:');
  const fd = await etc.open(pieces);
  expect([read(fd, 'ssl/certs/first.crt'), read(fd, 'ld.so.cache')]).toEqual(['one', 'cache']);
  expect(read(fd, 'passwd')).toContain('sandbox:x:1000');
  const modes = ['.', 'ssl', 'ssl/certs', 'passwd'].map(
    async (name) => (await stat(`/proc/self/fd/${fd}/${name}`)).mode & 0o005,
  );
  expect(await Promise.all(modes)).toEqual([5, 5, 5, 4]);
  expect(await etc.open(pieces)).toBe(fd);
  await etc.close();
  expect(await readdir(data)).toEqual([]);
});

test('what has changed is put together anew, and sandboxes keep what they have', async () => {
  const [data, { root, pieces }] = [await folder(), await system()];
  const etc = new OwnEtc(data, 'holdfast:0123:');
  const before = await etc.open(pieces);
  await writeFile(join(root, 'certs/two.crt'), 'two');
  const after = await etc.open(pieces);
  expect(read(after, 'ssl/certs/two.crt')).toBe('two');
  expect(existsSync(`/proc/self/fd/${before}/ssl/certs/one.crt`)).toBe(true);
  expect(existsSync(`/proc/self/fd/${before}/ssl/certs/two.crt`)).toBe(false);
  await etc.close();
  expect(() => closeSync(after)).toThrow('EBADF');
});

test('a killed life’s is removed, one’s own is not', async () => {
  const [data, { pieces }] = [await folder(), await system()];
  await new OwnEtc(data, 'holdfast:0123:').open(pieces);
  const etc = new OwnEtc(data, 'holdfast:0123:');
  await etc.open(pieces);
  expect(await etc.removeOthers()).toHaveLength(1);
  expect(await readdir(data)).toHaveLength(1);
  await etc.close();
});
