import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TreeEntry } from '../../files.ts';
import { ran } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

export function fileTests(subject: Subject): void {
  describe('file tools', () => {
    readingTests(subject);
    writingTests(subject);
    refusalTests(subject);
  });
}

const told = ({ path, target }: TreeEntry) =>
  target === null ? path.toString('latin1') : `${path.toString('latin1')} → ${target.toString()}`;

const withFolder = async ({ house }: Subject, mode: 'ro' | 'rw') => {
  const { folder, sandbox } = await house().sharing(mode);
  const at = (...names: string[]) => join(folder, ...names);
  return { folder, at, start: sandbox };
};

function readingTests(subject: Subject): void {
  test('a file is read whole or in part', async () => {
    const { at, start } = await withFolder(subject, 'ro');
    const bytes = randomBytes(2_500_000);
    await writeFile(at('large'), bytes);
    const { files } = await start();
    const whole = await files.read(at('large'), { most: 3_000_000 });
    expect(whole.size).toBe(bytes.length);
    expect(whole.bytes.equals(bytes)).toBe(true);
    const part = await files.read(at('large'), { offset: 1_000_000, most: 10 });
    expect(part.bytes.equals(bytes.subarray(1_000_000, 1_000_010))).toBe(true);
  });

  test('a folder is listed, told and walked, with names that are no UTF-8', async () => {
    const { folder, at, start } = await withFolder(subject, 'ro');
    await mkdir(at('sub'));
    await writeFile(at('sub', 'inner'), 'inner');
    const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x41])]);
    await writeFile(odd, 'odd');
    await symlink('sub/inner', at('way'));
    const { files } = await start();
    const { entries, more } = await files.list(folder);
    expect(more).toBe(false);
    const names = entries.map(({ name, facts }) => `${name.toString('latin1')} ${facts.type}`);
    expect(names.toSorted()).toEqual(['sub folder', 'way link', 'ÿA file']);
    expect(await files.facts(at('sub', 'inner'))).toMatchObject({ type: 'file', size: 5, links: 1 });
    const walked: string[] = [];
    for await (const entry of files.walk(folder)) walked.push(told(entry));
    expect(walked.toSorted()).toEqual(['sub', 'sub/inner', 'way → sub/inner', 'ÿA']);
    expect(walked.indexOf('sub')).toBeLessThan(walked.indexOf('sub/inner'));
  });
}

function writingTests(subject: Subject): void {
  test('a file is replaced, lengthened and made, and belongs to the account of the sandbox', async () => {
    const { at, start } = await withFolder(subject, 'rw');
    const { files } = await start();
    await files.write(at('new'), Buffer.from('one'), { how: 'create', mode: 0o640 });
    await files.write(at('new'), Buffer.from(' two'), { how: 'append' });
    expect(await readFile(at('new'), 'utf8')).toBe('one two');
    await files.write(at('new'), Buffer.from('three'), { how: 'replace' });
    expect(await readFile(at('new'), 'utf8')).toBe('three');
    const facts = await stat(at('new'));
    expect({ uid: facts.uid, mode: facts.mode & 0o777 }).toEqual({ uid: subject.house().uid, mode: 0o640 });
    await expect(files.write(at('new'), Buffer.from('x'), { how: 'create' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const large = randomBytes(3_000_000);
    await files.write(at('large'), large, { how: 'replace' });
    expect((await readFile(at('large'))).equals(large)).toBe(true);
  });

  test('things are moved, copied, compared, linked and removed', async () => {
    const { at, start } = await withFolder(subject, 'rw');
    const { files } = await start();
    await files.makeFolder(at('a'), 0o755);
    await files.write(at('a', 'one'), Buffer.from('same'), { how: 'create' });
    await files.copy(at('a', 'one'), at('a', 'two'));
    expect(await files.same(at('a', 'one'), at('a', 'two'))).toBe(true);
    await files.write(at('a', 'two'), Buffer.from('sane'), { how: 'replace' });
    expect(await files.same(at('a', 'one'), at('a', 'two'))).toBe(false);
    await files.rename(at('a', 'two'), at('moved'));
    await files.link(Buffer.from('a/one'), at('way'));
    expect(await readFile(at('way'), 'utf8')).toBe('same');
    await expect(files.remove(at('a'))).rejects.toMatchObject({ code: 'conflict' });
    await files.remove(at('a'), { recursive: true });
    await files.remove(at('moved'));
    const { entries } = await files.list(at());
    expect(entries.map(({ name }) => name.toString())).toEqual(['way']);
  });
}

function refusalTests(subject: Subject): void {
  test('nothing is reached by a link, and nothing waits', async () => {
    const { at, start } = await withFolder(subject, 'rw');
    await writeFile(at('real'), 'real');
    await symlink('real', at('way'));
    await mkdir(at('sub'));
    await writeFile(at('sub', 'inner'), 'inner');
    await symlink('sub', at('by'));
    execFileSync('mkfifo', [at('pipe')]);
    const { files } = await start();
    for (const path of [at('way'), at('by', 'inner'), at('pipe')]) {
      await expect(files.read(path)).rejects.toMatchObject({ name: 'Problem' });
      await expect(files.write(path, Buffer.from('x'), { how: 'append' })).rejects.toMatchObject({
        name: 'Problem',
      });
    }
    expect(await readFile(at('real'), 'utf8')).toBe('real');
    await expect(files.read(at('nowhere'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(files.read('/etc/shadow')).rejects.toMatchObject({ name: 'Problem' });
  });

  test('a file with a second name is not written', async () => {
    const { at, start } = await withFolder(subject, 'rw');
    const other = await subject.house().newFolder();
    await writeFile(join(other, 'outside'), 'outside');
    await link(join(other, 'outside'), at('inside'));
    const { files } = await start();
    await expect(files.write(at('inside'), Buffer.from('x'), { how: 'append' })).rejects.toMatchObject({
      name: 'Problem',
    });
    expect(await readFile(join(other, 'outside'), 'utf8')).toBe('outside');
  });

  test('what is granted to be read is not written', async () => {
    const { at, start } = await withFolder(subject, 'ro');
    await writeFile(at('file'), 'as it was');
    const sandbox = await start();
    const { files } = sandbox;
    await expect(files.write(at('file'), Buffer.from('x'), { how: 'replace' })).rejects.toMatchObject({
      name: 'Problem',
    });
    await expect(files.remove(at('file'))).rejects.toMatchObject({ name: 'Problem' });
    await expect(files.makeFolder(at('new'))).rejects.toMatchObject({ name: 'Problem' });
    expect((await ran(sandbox, ['chmod', '777', at('file')])).end).not.toEqual({ how: 'exited', code: 0 });
    expect(await readFile(at('file'), 'utf8')).toBe('as it was');
  });
}
