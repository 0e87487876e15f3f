import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { TreeEntry } from '../files.ts';
import { confinementFor, ownFolder, startBare } from './testing/bare-helper.ts';

async function tools() {
  const folder = ownFolder();
  fs.mkdirSync(`${folder}/in`);
  fs.mkdirSync(`${folder}/out`);
  const { helper } = startBare(confinementFor({ write: [`${folder}/in`] }));
  await helper.ready;
  return { files: helper.files, folder, inside: `${folder}/in`, outside: `${folder}/out` };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('a file is read whole, in parts, and from where it is asked for', async () => {
  const { files, inside } = await tools();
  const bytes = Buffer.alloc(3_000_000, 'abcdefg');
  fs.writeFileSync(`${inside}/large`, bytes);
  const whole = await files.read(`${inside}/large`, { most: 10_000_000 });
  expect(whole.size).toBe(bytes.length);
  expect(whole.bytes.equals(bytes)).toBe(true);
  expect(text((await files.read(`${inside}/large`, { offset: 7, most: 3 })).bytes)).toBe('abc');
  expect((await files.read(`${inside}/large`, { offset: 9_000_000 })).bytes.length).toBe(0);
});

test('a write becomes visible when it is whole, and keeps the mode of what it replaces', async () => {
  const { files, inside } = await tools();
  const large = Buffer.alloc(1_500_000, 'x');
  fs.writeFileSync(`${inside}/script`, 'old', { mode: 0o755 });
  await files.write(`${inside}/script`, large, { how: 'replace' });
  expect(fs.statSync(`${inside}/script`).mode & 0o777).toBe(0o755);
  expect(fs.readFileSync(`${inside}/script`).equals(large)).toBe(true);
  await files.write(`${inside}/script`, Buffer.from('!'), { how: 'append' });
  expect(fs.statSync(`${inside}/script`).size).toBe(large.length + 1);
  await files.write(`${inside}/new`, Buffer.from(''), { how: 'create', mode: 0o600 });
  expect(fs.statSync(`${inside}/new`)).toMatchObject({ size: 0 });
  await expect(files.write(`${inside}/new`, large, { how: 'create' })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(fs.readdirSync(inside).toSorted()).toEqual(['new', 'script']);
});

test('no path leads through a link, wherever on the way it stands', async () => {
  const { files, inside, outside } = await tools();
  fs.writeFileSync(`${outside}/secret`, 'secret');
  fs.symlinkSync(outside, `${inside}/way`);
  fs.symlinkSync(`${outside}/secret`, `${inside}/link`);
  for (const path of [`${inside}/way/secret`, `${inside}/link`]) {
    await expect(files.read(path)).rejects.toMatchObject({ code: 'forbidden' });
    for (const how of ['replace', 'append', 'create'] as const)
      await expect(files.write(path, Buffer.from('x'), { how })).rejects.toHaveProperty('code');
  }
  await expect(files.list(`${inside}/way`)).rejects.toHaveProperty('code');
  await expect(files.makeFolder(`${inside}/way/x`)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(files.remove(`${inside}/way/secret`)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(files.rename(`${inside}/way/secret`, `${inside}/got`)).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(files.copy(`${inside}/link`, `${inside}/got`)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await files.facts(`${inside}/link`)).type).toBe('link');
  expect(fs.readFileSync(`${outside}/secret`, 'utf8')).toBe('secret');
});

test('what lies outside the grants is refused by the kernel', async () => {
  const { files, inside, outside } = await tools();
  fs.writeFileSync(`${outside}/secret`, 'secret');
  const forbidden = { code: 'forbidden' };
  await expect(files.read(`${outside}/secret`)).rejects.toMatchObject(forbidden);
  await expect(files.list(outside)).rejects.toMatchObject(forbidden);
  await expect(files.write(`${outside}/x`, Buffer.from('x'), { how: 'create' })).rejects.toMatchObject(
    forbidden,
  );
  await expect(files.read(`${inside}/../out/secret`)).rejects.toMatchObject(forbidden);
  await expect(files.rename(`${outside}/secret`, `${inside}/got`)).rejects.toMatchObject(forbidden);
  await expect(files.remove(`${outside}/secret`)).rejects.toMatchObject(forbidden);
  expect(fs.readdirSync(outside)).toEqual(['secret']);
});

test('a file with several names is not written', async () => {
  const { files, inside, outside } = await tools();
  fs.writeFileSync(`${outside}/theirs`, 'theirs');
  fs.linkSync(`${outside}/theirs`, `${inside}/mine`);
  for (const how of ['replace', 'append'] as const)
    await expect(files.write(`${inside}/mine`, Buffer.from('x'), { how })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('several names'),
    });
  expect(fs.readFileSync(`${outside}/theirs`, 'utf8')).toBe('theirs');
});

test('nothing waits for a pipe, and no socket or device is taken for a file', async () => {
  const { files, inside } = await tools();
  execFileSync('mkfifo', [`${inside}/fifo`]);
  const server = createServer().listen(`${inside}/socket`);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  await expect(files.read(`${inside}/fifo`)).rejects.toMatchObject({ code: 'invalid_input' });
  for (const name of ['fifo', 'socket'])
    for (const how of ['replace', 'append'] as const)
      await expect(files.write(`${inside}/${name}`, Buffer.from('x'), { how })).rejects.toHaveProperty(
        'code',
      );
  await expect(files.read('/dev/null')).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(files.same(`${inside}/fifo`, `${inside}/fifo`)).rejects.toMatchObject({
    code: 'invalid_input',
  });
});

test('names are bytes, and a listing says when there is more', async () => {
  const { files, inside } = await tools();
  const strange = Buffer.concat([Buffer.from(`${inside}/`), Buffer.from([0xff, 0xfe, 0x0a])]);
  await files.write(strange, Buffer.from('strange'), { how: 'create' });
  await files.makeFolder(`${inside}/folder`, 0o700);
  const all = await files.list(inside);
  expect(all.entries.map(({ name }) => name.toString('hex')).toSorted()).toEqual(
    [Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('folder')].map((name) => name.toString('hex')).toSorted(),
  );
  expect(all.more).toBe(false);
  expect(await files.list(inside, { most: 1 })).toMatchObject({ more: true });
  expect(text((await files.read(strange)).bytes)).toBe('strange');
  expect(await files.facts(`${inside}/folder`)).toMatchObject({ type: 'folder', mode: 0o700 });
});

test('a tree is walked folders first, links as links, and can be left in the middle', async () => {
  const { files, inside } = await tools();
  fs.mkdirSync(`${inside}/a/b`, { recursive: true });
  fs.writeFileSync(`${inside}/a/b/file`, 'x');
  fs.symlinkSync('../elsewhere', `${inside}/a/link`);
  const entries: TreeEntry[] = [];
  for await (const entry of files.walk(inside)) entries.push(entry);
  const paths = entries.map(({ path }) => path.toString());
  expect(paths.toSorted()).toEqual(['a', 'a/b', 'a/b/file', 'a/link']);
  expect(paths.indexOf('a')).toBeLessThan(paths.indexOf('a/b'));
  expect(paths.indexOf('a/b')).toBeLessThan(paths.indexOf('a/b/file'));
  expect(entries.find(({ path }) => path.toString() === 'a/link')?.target?.toString()).toBe('../elsewhere');
  for (let each = 0; each < 300; each++) fs.writeFileSync(`${inside}/a/${each}`, '');
  for await (const entry of files.walk(inside)) {
    expect(entry.path.toString()).not.toBe('');
    break;
  }
  const stop = new AbortController();
  stop.abort();
  await expect(async () => {
    for await (const _ of files.walk(inside, { signal: stop.signal })) expect(_).toBeDefined();
  }).rejects.toThrow();
  expect((await files.list(`${inside}/a/b`)).entries.length).toBe(1);
});

test('copies, comparisons, links, renames and removals do what they say', async () => {
  const { files, inside } = await tools();
  fs.writeFileSync(`${inside}/one`, Buffer.alloc(200_000, 'z'), { mode: 0o750 });
  await files.copy(`${inside}/one`, `${inside}/two`);
  expect(fs.statSync(`${inside}/two`).mode & 0o777).toBe(0o750);
  expect(await files.same(`${inside}/one`, `${inside}/two`)).toBe(true);
  fs.appendFileSync(`${inside}/two`, '!');
  expect(await files.same(`${inside}/one`, `${inside}/two`)).toBe(false);
  await expect(files.copy(`${inside}/none`, `${inside}/x`)).rejects.toMatchObject({ code: 'not_found' });
  await files.link(Buffer.from('one'), `${inside}/link`);
  expect(fs.readlinkSync(`${inside}/link`)).toBe('one');
  await files.rename(`${inside}/two`, `${inside}/three`);
  fs.mkdirSync(`${inside}/deep/er`, { recursive: true });
  fs.writeFileSync(`${inside}/deep/er/file`, '');
  fs.symlinkSync(inside, `${inside}/deep/back`);
  await expect(files.remove(`${inside}/deep`)).rejects.toMatchObject({ code: 'conflict' });
  await files.remove(`${inside}/deep`, { recursive: true });
  await files.remove(`${inside}/link`);
  expect(fs.readdirSync(inside).toSorted()).toEqual(['one', 'three']);
});

test('a copy has the same bytes, and room is taken only by those that are there', async () => {
  const { files, inside } = await tools();
  const size = 1_000_000_001;
  const file = fs.openSync(`${inside}/one`, 'w');
  for (const [place, said] of [
    [0, 'begin'],
    [500_000_000, 'middle'],
    [size - 3, 'end'],
  ] as const)
    fs.writeSync(file, said, place);
  fs.closeSync(file);
  fs.writeFileSync(`${inside}/empty`, '');
  fs.truncateSync(`${inside}/empty`, 900_000_000);
  for (const [name, expected] of [
    ['one', size],
    ['empty', 900_000_000],
  ] as const) {
    await files.copy(`${inside}/${name}`, `${inside}/copy`);
    const copy = fs.statSync(`${inside}/copy`);
    expect(copy.size).toBe(expected);
    expect(copy.blocks).toBeLessThan(10_000);
  }
  await files.copy(`${inside}/one`, `${inside}/copy`);
  const read = async (offset: number, most: number) =>
    text((await files.read(`${inside}/copy`, { offset, most })).bytes);
  expect(await read(0, 5)).toBe('begin');
  expect(await read(499_999_999, 8)).toBe('\0middle\0');
  expect(await read(size - 4, 9)).toBe('\0end');
  await files.copy('/proc/version', `${inside}/made`);
  expect(fs.readFileSync(`${inside}/made`, 'utf8')).toContain('Linux');
});

test('links and folders that are swapped during the calls never lead outside', async () => {
  const { files, inside, outside } = await tools();
  fs.writeFileSync(`${outside}/file`, 'secret');
  fs.mkdirSync(`${inside}/folder`);
  fs.writeFileSync(`${inside}/folder/file`, 'mine');
  fs.symlinkSync(outside, `${inside}/link`);
  const swap = (): void => {
    fs.renameSync(`${inside}/folder`, `${inside}/aside`);
    fs.renameSync(`${inside}/link`, `${inside}/folder`);
    fs.renameSync(`${inside}/folder`, `${inside}/link`);
    fs.renameSync(`${inside}/aside`, `${inside}/folder`);
  };
  for (let round = 0; round < 200; round++) {
    const read = files.read(`${inside}/folder/file`).then(
      ({ bytes }) => text(bytes),
      () => 'refused',
    );
    const written = files
      .write(`${inside}/folder/file`, Buffer.from('mine'), { how: 'replace' })
      .catch(() => undefined);
    swap();
    expect(['mine', 'refused']).toContain(await read);
    await written;
  }
  expect(fs.readFileSync(`${outside}/file`, 'utf8')).toBe('secret');
});

test('a path that no kernel takes is refused, and the helper goes on', async () => {
  const { files, inside } = await tools();
  const { helper } = startBare(confinementFor());
  const tooLong = `${inside}${'/a'.repeat(2048)}`;
  for (const path of [tooLong, `${inside}/a\0b`]) {
    const refused = { code: 'invalid_input' };
    await expect(files.facts(path)).rejects.toMatchObject(refused);
    await expect(files.rename(inside, path)).rejects.toMatchObject(refused);
    await expect(files.copy(path, `${inside}/copy`)).rejects.toMatchObject(refused);
    await expect(files.write(path, Buffer.from('x'), { how: 'create' })).rejects.toMatchObject(refused);
    await expect(helper.exec({ argv: ['true'], cwd: path })).rejects.toMatchObject(refused);
    const rights = { read: [path], write: [] };
    await expect(helper.exec({ argv: ['true'], rights })).rejects.toMatchObject(refused);
  }
  expect((await files.facts(inside)).type).toBe('folder');
});
