import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeUnfinished, unfinishedBeside } from './unfinished.ts';

function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-unfinished-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('what a killed life left half made goes at the next start, and nothing else does', async () => {
  const data = testFolder();
  mkdirSync(join(data, 'restore-0123456789ab'));
  for (const name of [
    'restore-0123456789ab/record.sqlite',
    'secrets.key.0123456789ab.new',
    'open-0123456789ab.html',
    'secrets.key',
    'mine.new',
    'unfinished-business',
  ])
    writeFileSync(join(data, name), 'x');
  await removeUnfinished(data);
  expect(readdirSync(data).toSorted()).toEqual(['mine.new', 'secrets.key', 'unfinished-business']);
});

test('a backup that was cut off is removed where it lies, also elsewhere', async () => {
  const [data, disk] = [testFolder(), testFolder()];
  const half = await unfinishedBeside(join(disk, 'my.backup'), data);
  for (const path of [half.copy, half.packed, join(disk, 'other.copy')]) writeFileSync(path, 'x');
  await removeUnfinished(data);
  expect([readdirSync(disk), readdirSync(data)]).toEqual([['other.copy'], []]);
});

test('a note that names something else removes nothing', async () => {
  const [data, disk] = [testFolder(), testFolder()];
  writeFileSync(join(disk, 'mine.new'), 'x');
  writeFileSync(join(data, 'unfinished-0123456789ab'), join(disk, 'mine'));
  await removeUnfinished(data);
  expect(existsSync(join(disk, 'mine.new'))).toBe(true);
});
