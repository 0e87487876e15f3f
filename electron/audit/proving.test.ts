import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withholdSchema } from '../../shared/contract/record.ts';
import { openTestRecord, operator, remark, testFolder } from './testing/open-test-record.ts';
import { verified } from './testing/verified.ts';

const nothing = withholdSchema.parse({});
const never = new AbortController().signal;

async function lastOf<Told extends { result?: unknown }>(
  stream: AsyncIterable<Told>,
): Promise<NonNullable<Told['result']>> {
  for await (const { result } of stream) if (result) return result;
  throw new Error('the stream ended without a result');
}

test('an exported bundle is read in pieces, is on the record, and goes with the program', async () => {
  const { record, folder } = await openTestRecord();
  await record.appendAll(Array.from({ length: 50 }, (_, i) => remark(`${i}`)));
  const made = await lastOf(record.export({ from: 3, to: 20, withhold: nothing, by: operator }, never));
  const hash = createHash('sha256');
  for (let offset: number | null = 0; offset !== null;) {
    const { content, next } = await record.readExport(made.bundle, offset);
    hash.update(content);
    offset = next;
  }
  expect(hash.digest('hex')).toBe(made.sha256);
  const [told] = (await record.query({ filter: { kinds: ['record.exported'] }, limit: 1 })).events;
  expect(told?.data).toMatchObject({ bundle: made.bundle, from: 3, to: 20, events: 18 });
  await record.close();
  expect(readdirSync(join(folder, 'exports'))).toEqual([]);
});

test('a range that is not there is refused, and so is a bundle that is gone', async () => {
  const { record } = await openTestRecord();
  const asked = record.export({ from: 0, to: 7, withhold: nothing, by: operator }, never);
  await expect(lastOf(asked)).rejects.toMatchObject({ code: 'invalid_input' });
  expect(() => record.exportPreview({ from: 2, to: 1, onlyRun: null, onlySession: null })).toThrow(
    /no events/,
  );
  await expect(record.readExport('bun_00000000000000000000000000', 0)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a verification and its result are on the record themselves', async () => {
  const { record } = await openTestRecord();
  expect(await verified(record)).toMatchObject({ ok: true, size: 1 });
  const [told] = (await record.query({ filter: { kinds: ['record.verified'] }, limit: 1 })).events;
  expect(told?.data).toEqual({ ok: true, size: 1, problems: 0 });
});

test('what is no signed checkpoint is not compared with, but refused', async () => {
  const { record } = await openTestRecord();
  const { note } = await record.checkpoint();
  await expect(verified(record, [note, 'some other file'])).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('number 2') as string,
  });
  expect(await verified(record, [note])).toMatchObject({ ok: true });
});

test('a backup of a record that goes on is complete and never replaces a file', async () => {
  const { record } = await openTestRecord();
  await record.append(remark('kept'));
  const path = join(testFolder(), 'copy.holdfast');
  const made = await lastOf(record.backup(path, operator, never));
  expect(made).toMatchObject({ path, size: 2 });
  expect(existsSync(path)).toBe(true);
  await expect(lastOf(record.backup(path, operator, never))).rejects.toMatchObject({ code: 'conflict' });
});
