import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeTree } from './remove-tree.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-remove-'));
  onTestFinished(() => removeTree(path));
  return path;
}

test('a folder goes with all that is in it, closed folders and odd names too', async () => {
  const top = join(folder(), 'top');
  mkdirSync(join(top, 'a/b/c'), { recursive: true });
  mkdirSync(Buffer.concat([Buffer.from(`${top}/a/`), Buffer.of(0xff, 0x0a)]));
  writeFileSync(join(top, 'a/b/file'), 'text');
  writeFileSync(Buffer.concat([Buffer.from(`${top}/a/`), Buffer.of(0xfe)]), 'text');
  chmodSync(join(top, 'a/b/c'), 0);
  chmodSync(join(top, 'a/b'), 0);
  await removeTree(top);
  expect(existsSync(top)).toBe(false);
});

test('nothing is removed by a link', async () => {
  const own = folder();
  const top = join(own, 'top');
  mkdirSync(join(own, 'kept'));
  writeFileSync(join(own, 'kept/file'), 'kept');
  mkdirSync(top);
  symlinkSync(join(own, 'kept'), join(top, 'link'));
  await removeTree(top);
  expect(readFileSync(join(own, 'kept/file'), 'utf8')).toBe('kept');
  symlinkSync(join(own, 'kept'), top);
  await removeTree(top);
  expect(readFileSync(join(own, 'kept/file'), 'utf8')).toBe('kept');
});

test('a folder deeper than any path goes too', async () => {
  const top = join(folder(), 'top');
  mkdirSync(top);
  const deeper = `const fs = require('node:fs');
    for (let i = 0; i < 1500; i++) { fs.mkdirSync('abcd'); process.chdir('abcd'); }
    fs.writeFileSync('file', 'text');`;
  execFileSync(process.execPath, ['-e', deeper], { cwd: top });
  await removeTree(top);
  expect(existsSync(top)).toBe(false);
});

test('what is not there is removed already', async () => {
  await expect(removeTree(join(folder(), 'nowhere'))).resolves.toBeUndefined();
});
