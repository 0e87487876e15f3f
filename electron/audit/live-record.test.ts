import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { rootFromPath } from './tree/tree.ts';
import { leafHash } from './tree/hashing.ts';
import { parseVerifierKey, signersOf } from './tree/note.ts';
import { openTestRecord, remark, testFolder } from './testing/open-test-record.ts';

/** Of a machine that is busy with other tests as well. */
const patience = { timeout: 20_000 };

test('an appended event is there after the record was closed and opened again', async () => {
  const folder = testFolder();
  const first = await openTestRecord(folder);
  const written = await first.record.append(remark('kept'));
  await first.record.close();
  const { record } = await openTestRecord(folder);
  expect((await record.get(written.id)).event).toEqual(written);
  expect(record.state().size).toBe(2);
});

test('events of one call are written together or not at all', async () => {
  const { record } = await openTestRecord();
  const wrong = { kind: 'record.noted', actor: { kind: 'operator' }, data: { text: '' } } as const;
  await expect(record.appendAll([remark('one'), wrong])).rejects.toMatchObject({ code: 'invalid_input' });
  expect(record.state().size).toBe(1);
});

test.each([
  ['an unknown kind', { kind: 'no.such', actor: { kind: 'system' }, data: {} }],
  [
    'data that do not fit the kind',
    { kind: 'record.noted', actor: { kind: 'system' }, data: { words: 'x' } },
  ],
  ['an actor that is none', { kind: 'record.noted', actor: { kind: 'ghost' }, data: { text: 'x' } }],
  [
    'a scope that is none',
    { kind: 'record.noted', actor: { kind: 'system' }, scope: { run: 'x' }, data: { text: 'x' } },
  ],
])('%s is refused at write', async (_, draft) => {
  const { record } = await openTestRecord();
  await expect(record.append(draft as never)).rejects.toMatchObject({ code: 'invalid_input' });
});

test('data that are nested without end are refused as such', async () => {
  const { record } = await openTestRecord();
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  const draft = {
    kind: 'setting.changed',
    actor: { kind: 'operator' },
    data: { key: 'blobs.keepDays', value },
  };
  await expect(record.append(draft as never)).rejects.toMatchObject({ code: 'too_large' });
});

test('what is too large is refused with its size, and a blob of the largest size is kept', async () => {
  const { record } = await openTestRecord();
  const carrying = (bytes: number) => ({
    ...remark('blob'),
    blobs: [{ name: 'big', type: 'application/octet-stream', content: new Uint8Array(bytes) }],
  });
  await expect(record.append(carrying(16 * 1024 * 1024 + 1))).rejects.toMatchObject({ code: 'too_large' });
  const event = await record.append(carrying(16 * 1024 * 1024));
  let offset: number | null = 0;
  let bytes = 0;
  while (offset !== null) {
    const piece = await record.blob(event.seq, 0, offset);
    bytes += piece.content.byteLength;
    offset = piece.next;
  }
  expect(bytes).toBe(16 * 1024 * 1024);
});

test('a checkpoint is signed after a thousand events, kept beside the database, and proves each of them', async () => {
  const { record, folder } = await openTestRecord();
  await record.appendAll(Array.from({ length: 999 }, (_, i) => remark(`${i}`)));
  const { checkpoint, key } = record.state();
  expect(checkpoint!.size).toBe(1000);
  await vi.waitFor(
    () => expect(readFileSync(join(folder, 'checkpoint'), 'utf8')).toBe(checkpoint!.note),
    patience,
  );
  expect(signersOf(checkpoint!.note, [parseVerifierKey(key)])).toHaveLength(1);
  for (const seq of [0, 255, 256, 777, 999]) {
    const { header, proof } = await record.get(String(seq));
    expect(rootFromPath(leafHash(header), seq, proof.size, proof.path)).toBe(proof.root);
    expect(Buffer.from(proof.root, 'hex').toString('base64')).toBe(checkpoint!.root);
  }
});

test('events that arrive together in thousands have their checkpoints in between', async () => {
  const { record } = await openTestRecord();
  await record.appendAll(Array.from({ length: 3500 }, (_, i) => remark(`${i}`)));
  await record.append(remark('behind'));
  expect(record.rows('SELECT size FROM checkpoints ORDER BY size').map(({ size }) => size)).toEqual([
    1000, 2000, 3000,
  ]);
});

test('a checkpoint is signed five seconds after the first unsigned event, by the clock, and is told', async () => {
  const waiting = new Map<number, () => void>();
  const { record } = await openTestRecord(undefined, {
    now: () => new Date(),
    after: (milliseconds, call) => {
      waiting.set(milliseconds, call);
      return () => waiting.delete(milliseconds);
    },
  });
  await record.append(remark('unsigned'));
  expect(record.state().checkpoint).toBeNull();
  const told: (number | undefined)[] = [];
  record.onChange(() => void told.push(record.state().checkpoint?.size));
  waiting.get(5000)!();
  await vi.waitFor(() => expect(told).toEqual([2]), patience);
});

test('checkpoints are sent to a file and to a command, and a failure is told once', async () => {
  const { record, folder } = await openTestRecord();
  const set = (key: 'checkpoint.file' | 'checkpoint.command', value: string | string[]) =>
    record.append({ kind: 'setting.changed', actor: { kind: 'operator' }, data: { key, value } });
  await set('checkpoint.file', join(folder, 'elsewhere'));
  await set('checkpoint.command', ['sh', '-c', `cat > '${folder}/by-command'`]);
  const first = await record.checkpoint();
  await vi.waitFor(() => expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe(first.note), patience);
  await vi.waitFor(() => expect(readFileSync(join(folder, 'by-command'), 'utf8')).toBe(first.note), patience);

  await set('checkpoint.command', ['sh', '-c', 'echo no such place >&2; exit 3']);
  await record.checkpoint();
  const failures = async () =>
    (await record.query({ filter: { kinds: ['checkpoint.delivery_failed'] }, limit: 10 })).events;
  await vi.waitFor(async () => expect(await failures()).toHaveLength(1), patience);
  await record.checkpoint();
  await record.checkpoint();
  const [failure, ...more] = await failures();
  expect(more).toEqual([]);
  expect(failure!.data).toMatchObject({
    destination: 'command',
    reason: expect.stringContaining('no such place') as string,
  });
});

test('a checkpoint is sent to a file without following a link that somebody put there', async () => {
  const { record, folder } = await openTestRecord();
  const [file, theirs] = [join(folder, 'elsewhere'), join(folder, 'theirs')];
  writeFileSync(theirs, 'untouched');
  symlinkSync(theirs, `${file}.${process.pid}.new`);
  const actor = { kind: 'operator' } as const;
  await record.append({ kind: 'setting.changed', actor, data: { key: 'checkpoint.file', value: file } });
  const { note } = await record.checkpoint();
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe(note), patience);
  expect(readFileSync(theirs, 'utf8')).toBe('untouched');
  expect(readdirSync(folder).filter((name) => name.startsWith('elsewhere'))).toHaveLength(2);
});

test('a rotated key is vouched for by the one before it', async () => {
  const folder = testFolder();
  const { record } = await openTestRecord(folder);
  const before = parseVerifierKey(record.state().key);
  const told: string[] = [];
  record.onChange(() => void told.push(record.state().fingerprint));
  await record.rotateKey('yearly', { kind: 'operator' });
  expect(told.at(-1)).toBe(record.state().fingerprint);
  const after = parseVerifierKey(record.state().key);
  expect(after.id).not.toBe(before.id);
  expect(signersOf(record.state().checkpoint!.note, [before, after])).toHaveLength(2);
  await record.append(remark('after'));
  expect(signersOf((await record.checkpoint()).note, [before, after])).toEqual([after]);
  await record.close();
  const again = await openTestRecord(folder);
  expect(again.record.state().fingerprint).toBe(after.fingerprint);
});

test('a rotation that was cut off before the new key signed is finished at the next start', async () => {
  const folder = testFolder();
  const first = await openTestRecord(folder);
  const before = parseVerifierKey(first.record.state().key);
  const { newSignerKey } = await import('./tree/note.ts');
  const next = newSignerKey(before.name);
  await first.vault.set('.signing-key.next', next.pem);
  await first.record.append({
    kind: 'key.rotated',
    actor: { kind: 'operator' },
    data: { previous: before.text, next: next.text, reason: 'cut off' },
  });
  await first.record.close();
  const { record, vault } = await openTestRecord(folder);
  expect(record.state().fingerprint).toBe(next.fingerprint);
  expect(signersOf(record.state().checkpoint!.note, [before, parseVerifierKey(next.text)])).toHaveLength(2);
  expect(vault.get('.signing-key.next')).toBeUndefined();
});

test('a kept checkpoint that no longer fits is set aside as evidence, not written over', async () => {
  const folder = testFolder();
  const first = await openTestRecord(folder);
  await first.record.append(remark('x'));
  await first.record.close();
  const other = await openTestRecord();
  await other.record.append(remark('y'));
  const foreign = (await other.record.checkpoint()).note;
  writeFileSync(join(folder, 'checkpoint'), foreign);
  const { record } = await openTestRecord(folder);
  await record.checkpoint();
  const aside = readdirSync(folder).filter((name) => name.startsWith('checkpoint.mismatch-'));
  expect(aside).toHaveLength(1);
  expect(record.misfits()).toEqual(aside);
  expect(readFileSync(join(folder, aside[0]!), 'utf8')).toBe(foreign);
});
