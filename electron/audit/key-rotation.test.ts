import { expect, test } from 'vitest';
import { openTestRecord, operator, remark } from './testing/open-test-record.ts';

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
