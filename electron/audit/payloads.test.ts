import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { databaseName, openForReading } from '../store/database.ts';
import type { Verification } from '../../shared/contract/record.ts';
import type { AuditRecord } from './record.ts';
import { SampleLog } from './sample-log.ts';
import { openTestRecord, operator, remark, testFolder } from './testing/open-test-record.ts';

const blob = (name: string, content: string) => ({ name, type: 'text/plain', content: Buffer.from(content) });
const set = (key: 'blobs.keepDays' | 'blobs.maxBytes', value: number) =>
  ({ kind: 'setting.changed', actor: operator, data: { key, value } }) as const;

async function verifiedBy(record: AuditRecord) {
  let result: Verification | undefined;
  for await (const told of record.verify({ against: [], by: operator }, new AbortController().signal))
    result = told.result ?? result;
  return result;
}

const none = { count: 0, bytes: 0 };

test('the same content is stored once, however often it is carried', async () => {
  const { record } = await openTestRecord();
  await record.append({ ...remark('one'), blobs: [blob('a', 'same')] });
  await record.append({ ...remark('two'), blobs: [blob('b', 'same'), blob('c', 'other')] });
  expect(record.rows('SELECT count(*) AS n FROM blobs')).toEqual([{ n: 2 }]);
  const { content } = await record.blob(2, 1, 0);
  expect(Buffer.from(content).toString()).toBe('other');
});

test('blobs older than the policy are pruned, in the transaction of the event that says so', async () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const { record } = await openTestRecord(undefined, {
    now: () => new Date(now),
    after: () => () => undefined,
  });
  await record.append({ ...remark('old'), blobs: [blob('old', 'old content')] });
  now += 10 * 86_400_000;
  await record.append({ ...remark('new'), blobs: [blob('new', 'new content')] });
  expect(await record.prune({ dryRun: false, by: operator })).toEqual({ count: 0, bytes: 0, left: none });
  await record.append(set('blobs.keepDays', 5));
  expect(await record.prune({ dryRun: true, by: operator })).toEqual({ count: 1, bytes: 11, left: none });
  expect((await record.get('1')).event.blobs[0]?.state).toBe('present');
  expect(await record.prune({ dryRun: false, by: operator })).toEqual({ count: 1, bytes: 11, left: none });
  expect((await record.get('1')).event.blobs[0]?.state).toBe('pruned');
  expect((await record.get('2')).event.blobs[0]?.state).toBe('present');
  await expect(record.blob(1, 0, 0)).rejects.toMatchObject({ code: 'not_found' });
  const [told] = (await record.query({ filter: { kinds: ['blobs.pruned'] }, limit: 1 })).events;
  expect(told?.data).toMatchObject({ count: 1, bytes: 11 });
});

test('a blob that is carried again between listing and pruning stays', async () => {
  const log = new SampleLog();
  onTestFinished(() => log.close());
  const carried = blob('again', 'content');
  log.append({ ...remark('first'), blobs: [carried] });
  const { blobs } = log.writer.prunable(Number.MAX_SAFE_INTEGER, null);
  log.append({ ...remark('second'), blobs: [carried] });
  const data = { before: new Date(0).toISOString(), count: 1, bytes: 7, policy: 'all' };
  const pruned = { kind: 'blobs.pruned', actor: operator, data } as const;
  expect(() => log.appendWith({ prune: blobs }, pruned)).toThrow(/used again/);
  expect(log.read('SELECT count(*) FROM blobs WHERE content IS NOT NULL')).toBe(1);
});

test('a size limit lets the oldest blobs go first', async () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const { record } = await openTestRecord(undefined, {
    now: () => new Date(now++),
    after: () => () => undefined,
  });
  for (const name of ['first', 'second', 'third']) {
    await record.append({ ...remark(name), blobs: [blob(name, name.padEnd(600_000, '.'))] });
  }
  await record.append(set('blobs.maxBytes', 1_200_000));
  expect(await record.prune({ dryRun: false, by: operator })).toEqual({
    count: 1,
    bytes: 600_000,
    left: none,
  });
  expect((await record.get('1')).event.blobs[0]?.state).toBe('pruned');
  expect((await record.get('2')).event.blobs[0]?.state).toBe('present');
});

test('an erased payload is gone from every file and from search, and the erasure is on the record', async () => {
  const folder = testFolder();
  const { record } = await openTestRecord(folder);
  const unwanted = 'xylophone-confession';
  await record.append({ ...remark(unwanted), blobs: [blob('diary', `${unwanted} in a blob`)] });
  await record.append(remark('kept'));
  const told = await record.erase(1, 'a request to be forgotten', operator);
  expect(told).toMatchObject({ kind: 'payload.erased', data: { seq: 1 } });
  expect((await record.get('1')).event).toMatchObject({ payload: 'erased', blobs: [{ state: 'erased' }] });
  expect((await record.query({ filter: { text: 'xylophone' }, limit: 5 })).events).toEqual([]);
  expect((await record.query({ filter: { kinds: ['record.noted'] }, limit: 5 })).events).toHaveLength(2);
  await record.close();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    expect(readFileSync(join(folder, entry.name)).includes('xylophone'), entry.name).toBe(false);
  }
});

test('what was erased while somebody read from before goes as soon as they are done', async () => {
  const folder = testFolder();
  const clock = new ManualClock();
  const { record } = await openTestRecord(folder, clock);
  const { seq } = await record.append(remark('xylophone-confession'));
  const files = () =>
    readdirSync(folder).filter(
      (name) => name.startsWith(databaseName) && readFileSync(join(folder, name)).includes('xylophone'),
    );
  const reader = openForReading(join(folder, databaseName));
  try {
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM events').get();
    await record.erase(seq, 'a request to be forgotten', operator);
    expect(files()).not.toEqual([]);
  } finally {
    reader.close();
  }
  clock.advance(1000);
  await expect.poll(files).toEqual([]);
});

test('what Holdfast derives its own state from cannot be erased, nor anything twice', async () => {
  const { record } = await openTestRecord();
  await record.append(set('blobs.keepDays', 5));
  await record.append(remark('once'));
  await expect(record.erase(1, 'no', operator)).rejects.toMatchObject({ code: 'conflict' });
  await record.erase(2, 'yes', operator);
  await expect(record.erase(2, 'again', operator)).rejects.toMatchObject({ code: 'conflict' });
  await expect(record.erase(99, 'nothing', operator)).rejects.toMatchObject({ code: 'not_found' });
});

test('blobs are erased alone from any event: their content goes from every file, the data stay, and it verifies', async () => {
  const folder = testFolder();
  const { record } = await openTestRecord(folder);
  const carried = [
    blob('diary', 'a xylophone confession'),
    blob('plain', 'nothing in it'),
    blob('more', 'harp'),
  ];
  const { seq } = await record.append({ ...set('blobs.keepDays', 5), blobs: carried });
  const told = await record.erase(seq, 'a request to be forgotten', operator, [2, 0, 2]);
  expect(told).toMatchObject({ kind: 'payload.erased', data: { seq, blobs: [0, 2] } });
  const { event } = await record.get(String(seq));
  expect(event).toMatchObject({ payload: 'present', data: { value: 5 } });
  expect(event.blobs.map(({ state }) => state)).toEqual(['erased', 'present', 'erased']);
  await expect(record.blob(seq, 0, 0)).rejects.toMatchObject({ code: 'not_found' });
  expect(Buffer.from((await record.blob(seq, 1, 0)).content).toString()).toBe('nothing in it');
  expect(record.settings()['blobs.keepDays']).toBe(5);
  expect((await record.rebuild(operator)).differences).toBe(0);
  const verified = await verifiedBy(record);
  expect(verified).toMatchObject({ ok: true, erased: 2, blobs: 1, findings: [] });
  await record.close();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    expect(readFileSync(join(folder, entry.name)).includes('xylophone'), entry.name).toBe(false);
  }
});

test('a blob is erased once, and only where it is; what one refusal concerns is left whole', async () => {
  const { record } = await openTestRecord();
  await record.append({ ...remark('one'), blobs: [blob('a', 'same'), blob('b', 'other')] });
  await record.append({ ...remark('two'), blobs: [blob('a', 'same')] });
  await expect(record.erase(1, 'no', operator, [0, 7])).rejects.toMatchObject({ code: 'not_found' });
  expect((await record.get('1')).event.blobs.map(({ state }) => state)).toEqual(['present', 'present']);
  await record.erase(1, 'yes', operator, [0]);
  await expect(record.erase(1, 'again', operator, [0])).rejects.toMatchObject({ code: 'conflict' });
  // Another event carries the same content: it is that one's to lose.
  expect(Buffer.from((await record.blob(2, 0, 0)).content).toString()).toBe('same');
  await record.erase(1, 'the rest of it', operator);
  expect((await record.get('1')).event).toMatchObject({
    payload: 'erased',
    blobs: [{ state: 'erased' }, { state: 'erased' }],
  });
  expect(await verifiedBy(record)).toMatchObject({ ok: true, erased: 1, blobs: 1 });
  await expect(record.erase(1, 'once more', operator, [1])).rejects.toMatchObject({ code: 'conflict' });
});

test('an event that feeds what Holdfast knows says how to erase what is attached to it', async () => {
  const { record } = await openTestRecord();
  const { seq } = await record.append({ ...set('blobs.keepDays', 5), blobs: [blob('a', 'content')] });
  await expect(record.erase(seq, 'no', operator)).rejects.toMatchObject({
    code: 'conflict',
    mend: expect.stringContaining(`holdfast erase ${seq} --blobs`) as unknown,
  });
});
