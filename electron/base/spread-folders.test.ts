import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from './find-program.ts';
import { spreadFolders } from './spread-folders.ts';

const ext4 = 0xef53;
const program = await findProgram('chattr', [process.env['PATH'], '/usr/bin', '/bin'].join(delimiter));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-spread-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test('ext4 is told, as often as it is said; others are left as they are', async () => {
  const told = folder();
  await spreadFolders(told, program);
  await spreadFolders(told, program);
  if (program === undefined || statfsSync(told).type !== ext4) return;
  const [flags] = execFileSync('lsattr', ['-d', told], { encoding: 'utf8' }).split(' ');
  expect(flags).toContain('T');
});

test('where nobody can be told, nothing is amiss', async () => {
  await expect(spreadFolders(folder(), '/nowhere/chattr')).resolves.toBeUndefined();
  await expect(spreadFolders('/proc/self/nothing')).resolves.toBeUndefined();
});
