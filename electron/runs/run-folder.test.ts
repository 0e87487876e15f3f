import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { createPathOpener } from '../capabilities/open-path.ts';
import { sandboxAccount } from '../sandbox/sandbox-account.ts';
import { RunFolders } from './run-folder.ts';
import { RunVersion } from '../sessions/run-version.ts';
import { testFolder } from './testing/some-runs.ts';

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

async function someFolder() {
  const data = testFolder();
  const account = () => sandboxAccount({ environment: {}, uid: () => null });
  const files = new RunFolders({ data, open: createPathOpener(), account });
  const folder = files.folderOf('run_one');
  await files.make(folder);
  return { data, files, folder };
}

test('the folder of a run is the account’s of its sandboxes, and nobody else’s', async () => {
  const { data, files, folder } = await someFolder();
  await files.make(folder);
  expect(folder).toBe(join(data, 'runs', 'run_one'));
  const root = process.getuid?.() === 0;
  expect(lstatSync(folder)).toMatchObject({ uid: root ? 65_534 : process.getuid?.() });
  expect(lstatSync(folder).mode & 0o777).toBe(0o700);
});

test('what a part left is told by its hash, and only where it is a file that lies there itself', async () => {
  const { data, files, folder } = await someFolder();
  const path = join(folder, 'result.txt');
  writeFileSync(path, 'the result');
  expect(await files.output(path)).toEqual({ path, bytes: 10, sha256: sha256('the result') });
  writeFileSync(path, 'another one');
  expect(await files.output(path)).toMatchObject({ sha256: sha256('another one') });
  writeFileSync(join(data, 'key'), 'the signing key');
  symlinkSync(join(data, 'key'), join(folder, 'link'));
  symlinkSync(data, join(folder, 'way'));
  symlinkSync('result.txt', join(folder, 'near'));
  mkdirSync(join(folder, 'inner'));
  for (const name of ['link', 'way/key', 'near', 'inner', 'missing', 'inner/missing'])
    expect(await files.output(join(folder, name)), name).toBeNull();
  writeFileSync(join(folder, 'vast'), '');
  truncateSync(join(folder, 'vast'), 2 ** 40);
  expect(await files.output(join(folder, 'vast'))).toBeNull();
  // A large one is read for as long as somebody waits for it.
  truncateSync(join(folder, 'vast'), 2 ** 32);
  const stopping = new AbortController();
  const large = files.output(join(folder, 'vast'), null, stopping.signal);
  stopping.abort(new Error('stopped'));
  await expect(large).rejects.toThrow('stopped');
});

test('it is read in pieces that cut no letter, as text where it is text, and says whether it is still the same', async () => {
  const { files, folder } = await someFolder();
  const path = join(folder, 'long.txt');
  const text = `a${'ü€𝄞'.repeat(20_000)}`;
  writeFileSync(path, text);
  const known = (await files.output(path))!;
  let read = '';
  for (let offset: number | null = 0; offset !== null;) {
    const piece = await files.read(known, offset);
    expect(piece).toMatchObject({ base64: null, same: true, bytes: Buffer.byteLength(text) });
    read += piece.text;
    offset = piece.next;
  }
  expect(read).toBe(text);
  writeFileSync(path, Buffer.from([1, 0, 255, 254]));
  expect(await files.read(known, 0)).toEqual({
    text: null,
    base64: Buffer.from([1, 0, 255, 254]).toString('base64'),
    bytes: 4,
    next: null,
    same: false,
  });
  expect(await files.read({ ...known, path: join(folder, 'none') }, 0)).toMatchObject({
    same: false,
    bytes: 0,
  });
});

test('what is kept for another run is copied as it was left, and refused where it is not that any more', async () => {
  const { files, folder } = await someFolder();
  const to = files.folderOf('run_two');
  await files.make(to);
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  const path = join(folder, 'deep/er/file');
  writeFileSync(path, 'kept');
  const output = (await files.output(path))!;
  const elsewhere = { path: '/elsewhere/file', bytes: 1, sha256: sha256('x') };
  const kept = await files.keep([output, elsewhere], folder, to);
  expect(kept).toEqual([{ ...output, path: join(to, 'deep/er/file') }, elsewhere]);
  expect(readFileSync(kept[0]!.path, 'utf8')).toBe('kept');
  expect(lstatSync(kept[0]!.path).uid).toBe(lstatSync(to).uid);
  // A life that was killed in the middle left a part of it.
  chmodSync(kept[0]!.path, 0o600);
  writeFileSync(kept[0]!.path, 'ke');
  expect(await files.keep([output], folder, to)).toEqual([kept[0]]);
  expect(readFileSync(kept[0]!.path, 'utf8')).toBe('kept');
  writeFileSync(path, 'changed');
  await expect(files.keep([output], folder, to)).rejects.toMatchObject({ code: 'conflict' });
});

test('of a folder under review it is the version of the run that is told, and no link leads out of that', async () => {
  const { data, files } = await someFolder();
  const given = join(testFolder(), 'given');
  const run = newId('run', new Date());
  const { kept } = new RunVersion(data, run);
  const upper = join(kept, '0', 'upper');
  mkdirSync(given);
  mkdirSync(upper, { recursive: true });
  const folder = {
    path: given,
    device: '1',
    inode: '1',
    way: 'overlay',
    place: '0',
    startedNs: '1',
    copiedNs: null,
  };
  writeFileSync(join(kept, 'kept.json'), JSON.stringify({ version: 1, folders: [folder] }));
  writeFileSync(join(given, 'as-it-was'), 'as it was');
  writeFileSync(join(given, 'changed'), 'before');
  writeFileSync(join(upper, 'changed'), 'after');
  writeFileSync(join(upper, 'new'), 'new');
  writeFileSync(join(data, 'key'), 'the signing key');
  symlinkSync(join(data, 'key'), join(upper, 'link'));
  const told = (name: string) => files.output(join(given, name), run);
  expect(await told('new')).toEqual({ path: join(given, 'new'), bytes: 3, sha256: sha256('new') });
  expect(await told('changed')).toMatchObject({ path: join(given, 'changed'), sha256: sha256('after') });
  expect(await told('as-it-was')).toMatchObject({ sha256: sha256('as it was') });
  expect([await told('link'), await told('none')]).toEqual([null, null]);
  expect(await files.output(join(given, 'new'))).toBeNull();
});

test('what Holdfast keeps to itself was left by nobody, whatever a plan says', async () => {
  const { data, files } = await someFolder();
  const token = join(data, 'operator.token');
  writeFileSync(token, 'the operator’s');
  expect(await files.output(token)).toBeNull();
});
