import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { count } from '../base/test-counts.ts';
import { openForReading } from '../store/database.ts';
import { exportPreview } from './export-bundle.ts';
import { newSignerKey } from './tree/note.ts';
import { SampleLog } from './sample-log.ts';
import { bundleOf, logWithBlobs, runVerifier, unpacked } from './testing/sample-bundle.ts';

const log = logWithBlobs();
afterAll(() => log.close());
const signed = ['events.txt', 'data.txt', 'blobs.txt', 'proof.txt', 'checkpoint', 'key', 'key.pem'];

test('a bundle verifies on its own, packed and unpacked, and says who signed it only when told the key', async () => {
  const made = await bundleOf(log, 15, 26);
  expect(made).toMatchObject({
    events: 12,
    withheld: 0,
    name: 'holdfast-kmnpqrs-15-26.tgz'.replace('kmnpqrs', log.name.slice(-8)),
  });
  expect(statSync(made.path)).toMatchObject({ size: made.bytes, mode: 0o100600 });
  const folder = unpacked(log, made.path);
  const own = join(folder, 'verify.mjs');
  expect(runVerifier(own)).toMatchObject({ status: 0, said: expect.stringContaining('Signer unknown') });
  const known = runVerifier(own, '--json', '--key', log.key.fingerprint);
  expect(known.status).toBe(0);
  expect(JSON.parse(known.said)).toEqual({
    ok: true,
    log: log.name,
    size: log.size,
    events: 12,
    first: 15,
    last: 26,
    data: { present: 11, withheld: 0, erased: 1 },
    blobs: { present: 9, withheld: 0, erased: 2, pruned: 1 },
    fingerprint: log.key.fingerprint,
    signer: 'known',
  });
  expect(runVerifier('resources/verify.mjs', made.path)).toMatchObject({ status: 0 });
  const other = newSignerKey(log.name).fingerprint;
  expect(runVerifier(own, '--key', other)).toMatchObject({
    status: 5,
    said: expect.stringContaining('not by the key you named'),
  });
});

test('wrong use is told with exit code 2', async () => {
  for (const options of [['--wrong'], ['--key', 'abc'], ['--key'], ['/nowhere/at/all'], ['a', 'b']]) {
    expect(runVerifier('resources/verify.mjs', ...options)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Usage'),
    });
  }
});

test('withheld payloads do not leave, and the rest still proves', async () => {
  const made = await bundleOf(log, 0, 39, { kinds: ['tool.invoked'], events: [0, 1], blobs: [[24, 0]] });
  const tools = log.read("SELECT count(*) FROM events WHERE kind = 'tool.invoked' AND seq < 40") as number;
  const models = log.read(
    "SELECT count(*) FROM events WHERE kind = 'tool.invoked' AND seq IN (0, 1)",
  ) as number;
  expect(made.withheld).toBe(tools + 2 - models + 1);
  const folder = unpacked(log, made.path);
  const data = readFileSync(join(folder, 'data.txt'), 'utf8');
  expect(data).not.toContain('needle');
  expect(data).toContain('\n1 withheld\n');
  expect(readFileSync(join(folder, 'blobs.txt'), 'utf8')).toContain('\n24 0 withheld\n');
  const kept = log.read("SELECT hash FROM blobs WHERE content = CAST('kept' AS BLOB)") as string;
  expect(() => statSync(join(folder, 'blobs', kept))).toThrow('no such file');
  expect(runVerifier(join(folder, 'verify.mjs'))).toMatchObject({ status: 0 });

  const bare = await bundleOf(log, 0, 39, { allData: true, allBlobs: true });
  const said = JSON.parse(runVerifier('resources/verify.mjs', bare.path, '--json').said) as object;
  expect(said).toMatchObject({ ok: true, data: { present: 0 }, blobs: { present: 0, pruned: 0, erased: 2 } });
});

test('of a run alone only its own events say anything, and all of it proves', async () => {
  const sample = logWithBlobs();
  onTestFinished(() => sample.close());
  const run = newId('run', new Date());
  const noted = (text: string, scope: { run?: typeof run }) => {
    const content = Buffer.from(`${text}, attached`);
    const blobs = [{ name: 'a.txt', type: 'text/plain', content }];
    sample.append({ kind: 'record.noted', actor: { kind: 'operator' }, scope, data: { text }, blobs });
  };
  const first = sample.read('SELECT count(*) FROM events') as number;
  noted('first of the run', { run });
  noted('of somebody else', {});
  noted('last of the run', { run });
  const made = await bundleOf(sample, first, first + 2, { onlyRun: run });
  expect(made.withheld).toBe(2);
  const folder = unpacked(sample, made.path);
  const data = readFileSync(join(folder, 'data.txt'), 'utf8');
  expect(data).toContain('first of the run');
  expect(data).not.toContain('somebody else');
  expect(readFileSync(join(folder, 'blobs.txt'), 'utf8')).toContain(`\n${first + 1} 0 withheld\n`);
  expect(runVerifier(join(folder, 'verify.mjs'))).toMatchObject({ status: 0 });
  const database = openForReading(sample.path);
  const preview = exportPreview(database, { from: first, to: first + 2, onlyRun: run, onlySession: null });
  database.close();
  expect(preview).toMatchObject({ events: 2, kinds: [{ kind: 'record.noted', events: 2, blobs: 2 }] });
});

test('a blob that was erased alone is told as erased beside its event’s data, and the bundle verifies', async () => {
  const sample = logWithBlobs();
  onTestFinished(() => sample.close());
  const [seq, place] = [24, 0];
  const event = sample.read(`SELECT id FROM events WHERE seq = ${seq}`) as `evt_${string}`;
  const data = { event, seq, reason: 'a test', blobs: [place] };
  sample.appendWith(
    { erase: { seq, blobs: [place] } },
    { kind: 'payload.erased', actor: { kind: 'operator' }, data },
  );
  const made = await bundleOf(sample, 0, 39);
  const folder = unpacked(sample, made.path);
  expect(readFileSync(join(folder, 'blobs.txt'), 'utf8')).toContain(`\n${seq} ${place} erased\n`);
  expect(readFileSync(join(folder, 'data.txt'), 'utf8')).toContain('{"text":"carries “kept”"}');
  expect(runVerifier(join(folder, 'verify.mjs'))).toMatchObject({ status: 0 });
});

test('the preview says what would leave, by kind', () => {
  const database = openForReading(log.path);
  const preview = exportPreview(database, { from: 20, to: 25, onlyRun: null, onlySession: null });
  database.close();
  expect(preview).toEqual({
    events: 6,
    kinds: [
      {
        kind: 'record.noted',
        events: 6,
        dataBytes: expect.any(Number),
        blobs: 9,
        blobBytes: 46,
        sample: 'noted: carries “”',
      },
    ],
    bytes: preview.kinds[0]!.dataBytes + 46,
  });
});

test('any range of a record of any size makes a bundle that verifies', async () => {
  const grown = new SampleLog();
  try {
    await fc.assert(
      fc.asyncProperty(fc.nat(300), fc.nat(), fc.nat(), async (more, a, b) => {
        grown.fill(more);
        const [from, to] = [a % grown.size, b % grown.size].toSorted((x, y) => x - y) as [number, number];
        const { path } = await bundleOf(grown, from, to);
        expect(runVerifier('resources/verify.mjs', path)).toMatchObject({ status: 0 });
      }),
      { numRuns: count(10, 300) },
    );
  } finally {
    await grown.close();
  }
});

test('any changed byte of any signed file is found', async () => {
  // The salt of a pruned blob is the one thing that nothing here can prove.
  const folder = unpacked(log, (await bundleOf(log, 20, 31, { blobs: [[23, 0]], events: [26] })).path);
  const blobs = readFileSync(join(folder, 'blobs.txt'), 'utf8').matchAll(/[0-9a-f]{64}/g);
  const names = [...signed, ...new Set([...blobs].map(([name]) => join('blobs', name)))];
  const files = names.filter((name) => statSync(join(folder, name)).size > 0);
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (name, place, change) => {
        const path = join(folder, name);
        const whole = readFileSync(path);
        const changed = Buffer.from(whole);
        changed[place % whole.length]! ^= change;
        writeFileSync(path, changed);
        try {
          expect(runVerifier('resources/verify.mjs', folder)).toMatchObject({ status: 5, stderr: '' });
        } finally {
          writeFileSync(path, whole);
        }
      },
    ),
    { numRuns: count(40, 3000) },
  );
});

test('lines too many, too few, twice or in another order, and files that do not belong are found', async () => {
  const { path } = await bundleOf(log, 18, 30);
  const broken: [string, (folder: string) => void][] = [];
  for (const name of ['events.txt', 'data.txt', 'blobs.txt', 'proof.txt', 'checkpoint', 'key']) {
    const edit = (change: (lines: string[]) => string[]) => (folder: string) => {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      writeFileSync(join(folder, name), change(lines).join('\n'));
    };
    broken.push(
      [`${name} without its first line`, edit((lines) => lines.slice(1))],
      [`${name} with its first line twice`, edit((lines) => [lines[0]!, ...lines])],
      [`${name} without its last newline`, edit((lines) => lines.slice(0, -1))],
      [`${name} with an empty line more`, edit((lines) => [...lines, ''])],
      [`${name} gone`, (folder) => rmSync(join(folder, name))],
    );
    if (name !== 'key') broken.push([`${name} turned`, edit(([a, b, ...rest]) => [b!, a!, ...rest])]);
  }
  broken.push(
    ['a file more', (folder) => writeFileSync(join(folder, 'more.txt'), 'x')],
    ['a blob more', (folder) => writeFileSync(join(folder, 'blobs', 'a'.repeat(64)), 'x')],
    ['a folder among the blobs', (folder) => mkdirSync(join(folder, 'blobs', 'b'.repeat(64)))],
    [
      'a link in place of a file',
      (folder) => {
        copyFileSync(join(folder, 'data.txt'), join(log.folder, 'elsewhere'));
        rmSync(join(folder, 'data.txt'));
        symlinkSync(join(log.folder, 'elsewhere'), join(folder, 'data.txt'));
      },
    ],
    [
      'a line without end',
      (folder) => appendFileSync(join(folder, 'events.txt'), Buffer.alloc(9_000_000, 65)),
    ],
    [
      'a header that is not canonical',
      (folder) => {
        const text = readFileSync(join(folder, 'events.txt'), 'utf8');
        writeFileSync(join(folder, 'events.txt'), text.replace('{"actor"', '{ "actor"'));
      },
    ],
  );
  for (const [what, change] of broken) {
    const folder = unpacked(log, path);
    change(folder);
    expect({ what, ...runVerifier('resources/verify.mjs', folder) }).toMatchObject({
      what,
      status: 5,
      stderr: '',
    });
  }
});

test('the range has to be covered by the checkpoint, and the checkpoint signed with the key', async () => {
  await expect(bundleOf(log, 0, log.size)).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(bundleOf(log, 5, 4)).rejects.toMatchObject({ code: 'invalid_input' });
  const forged = log.checkpoint().replace(/.{9}\n$/, 'AAAAAAAA=\n');
  await expect(bundleOf(log, 0, 1, {}, forged)).rejects.toMatchObject({ code: 'conflict' });
});
