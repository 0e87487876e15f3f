import { join } from 'node:path';
import { expect, test } from 'vitest';
import { databaseName } from '../store/database.ts';
import { openTestRecord, operator, remark } from './testing/open-test-record.ts';
import { verifySample } from './testing/verify-sample.ts';

const signatures = (note: string) => note.split('\n').filter((line) => line.startsWith('— ')).length;

test('the signature by which the old key vouches for the new one stays when the same size is signed again', async () => {
  const { record } = await openTestRecord();
  await record.append(remark('before'));
  expect(signatures((await record.checkpoint()).note)).toBe(1);
  await record.rotateKey('a test', operator);
  expect(signatures((await record.checkpoint()).note)).toBe(2);
  expect(signatures((await record.checkpoint()).note)).toBe(2);
  await record.append(remark('after'));
  expect(signatures((await record.checkpoint()).note)).toBe(1);
});

test('a key that is being replaced signs nothing alone, however fast events arrive meanwhile', async () => {
  const { record, folder } = await openTestRecord();
  const { size } = await record.checkpoint();
  await record.appendAll(Array.from({ length: 999 }, (_, i) => remark(`before ${i}`)));
  let crowd: Promise<unknown> | undefined;
  record.onChange(() => {
    if (record.state().size !== size + 1000 || crowd) return;
    const many = record.appendAll(Array.from({ length: 1000 }, (_, i) => remark(`meanwhile ${i}`)));
    crowd = Promise.all([many, record.append(remark('and one more'))]);
  });
  const { key } = await record.rotateKey('a test', operator);
  await crowd;
  await record.checkpoint();
  expect(crowd).toBeDefined();
  const { findings } = await verifySample(join(folder, databaseName), { trusted: [key] });
  expect(findings).toEqual([]);
});

test('two rotations at once happen one after the other, and each key vouches for the next', async () => {
  const { record, folder } = await openTestRecord();
  const { key } = record.state();
  await Promise.all([record.rotateKey('one', operator), record.rotateKey('two', operator)]);
  await record.append(remark('after'));
  await record.checkpoint();
  const { events } = await record.query({ filter: { kinds: ['key.rotated'] }, limit: 2 });
  const [second, first] = events.map(({ data }) => data as { previous: string; next: string });
  expect([first?.previous, second?.previous]).toEqual([key, first?.next]);
  expect(record.state().key).toBe(second?.next);
  expect((await verifySample(join(folder, databaseName))).findings).toEqual([]);
});
