import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mirrorsFolder, putAsideHalfMade } from './half-made.ts';

test('what a killed life was making is out of the way of this one, and is found again by the next', async () => {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-half-made-'));
  onTestFinished(() => rmSync(data, { recursive: true }));
  expect(await putAsideHalfMade(data)).toEqual([]);
  const folder = mirrorsFolder(data);
  const name = 'a'.repeat(64);
  mkdirSync(join(folder, `${name}.part`), { recursive: true });
  writeFileSync(join(folder, `${name}.url`), 'x\n');
  const [aside = ''] = await putAsideHalfMade(data);
  expect(readdirSync(folder).toSorted()).toEqual([basename(aside), `${name}.url`].toSorted());
  mkdirSync(join(folder, `${name}.part`));
  const next = await putAsideHalfMade(data);
  expect(next).toHaveLength(2);
  for (const path of next) expect(basename(path).startsWith(name)).toBe(false);
});
