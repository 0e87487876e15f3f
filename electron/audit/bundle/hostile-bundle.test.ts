import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { type Header, pack } from 'tar-stream';
import { afterAll, expect, test } from 'vitest';
import { SampleLog } from '../sample-log.ts';
import { bundleOf, logWithBlobs, runVerifier } from '../testing/sample-bundle.ts';

const log = logWithBlobs();
afterAll(() => log.close());

async function verifyTar(tar: Buffer): Promise<ReturnType<typeof runVerifier>> {
  const path = join(log.folder, 'hostile.tgz');
  writeFileSync(path, gzipSync(tar));
  return runVerifier('resources/verify.mjs', path);
}

type Entry = Partial<Header> & { name: string };

async function tarOf(...entries: Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const header of entries) archive.entry(header, '');
  archive.finalize();
  return buffer(archive);
}

test('an archive is refused for every name and kind of entry that a bundle never has', async () => {
  const hash = 'a'.repeat(64);
  const refused: Entry[] = [
    { name: '../key' },
    { name: '/etc/key' },
    { name: 'x/../../key' },
    { name: 'x/blobs/../key' },
    { name: `x/${hash}` },
    { name: 'x/unknown.txt' },
    { name: 'x/__proto__' },
    { name: 'key' },
    { name: 'x/key', type: 'symlink', linkname: '/etc/passwd' },
    { name: 'x/key', type: 'link', linkname: '/etc/passwd' },
    { name: 'x/key', type: 'fifo' },
    { name: 'x/blobs', type: 'directory' },
    { name: `x/blobs/${'ä'.repeat(99)}` },
  ];
  for (const header of refused) {
    const said = await verifyTar(await tarOf(header));
    expect({ header, ...said }).toMatchObject({ header, status: 5, stderr: '' });
  }
  for (const second of ['x/key', 'y/key']) {
    expect(await verifyTar(await tarOf({ name: 'x/key' }, { name: second }))).toMatchObject({
      status: 5,
      stderr: '',
    });
  }
});

test('a broken, cut off or prolonged archive is refused', async () => {
  const whole = gunzipSync(readFileSync((await bundleOf(log, 10, 12)).path));
  expect(await verifyTar(whole)).toMatchObject({ status: 0 });
  const flipped = Buffer.from(whole);
  flipped[3]! ^= 1;
  for (const tar of [
    Buffer.alloc(0),
    whole.subarray(0, 700),
    whole.subarray(0, 512),
    Buffer.concat([whole, whole]),
    Buffer.concat([whole, Buffer.from('x')]),
    flipped,
  ]) {
    expect(await verifyTar(tar)).toMatchObject({ status: 5, stderr: '' });
  }
  const path = join(log.folder, 'hostile.tgz');
  writeFileSync(path, 'no archive at all');
  expect(runVerifier('resources/verify.mjs', path)).toMatchObject({ status: 5, stderr: '' });
  writeFileSync(path, gzipSync(whole).subarray(0, -20));
  expect(runVerifier('resources/verify.mjs', path)).toMatchObject({ status: 5, stderr: '' });
});

test('a bundle cannot write over what the verifier says of it', async () => {
  const disguised = new SampleLog([], 'holdfast/\u001B[2K\u009BSigned-by-the-key-you-named');
  try {
    const { path } = await bundleOf(disguised, 0, 0);
    const { status, said } = runVerifier('resources/verify.mjs', path);
    expect([status, said]).toEqual([5, 'NOT consistent: key is not a verifier key.\n']);
    const renamed = await verifyTar(await tarOf({ name: 'x/\u009B2Kkey' }));
    expect(renamed.said).toMatch(/^[ -~]+\n$/);
  } finally {
    await disguised.close();
  }
});
