import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../testing/some-sessions.ts';
import { executedFiles } from './executed-files.ts';

function place() {
  const folder = testFolder();
  mkdirSync(join(folder, 'sub'));
  for (const name of ['run.sh', 'tool.py', 'sub/run.sh', 'data'])
    writeFileSync(join(folder, name), 'echo 1\n');
  const hash = (line: string) => executedFiles([{ kind: 'shell', line, cwd: null, writes: true }], folder);
  const change = (name: string) => writeFileSync(join(folder, name), 'echo 2\n');
  return { folder, hash, change };
}

test.each([
  ['./run.sh', 'run.sh'],
  ['ls && ./run.sh | cat', 'run.sh'],
  ['X=1 ./run.sh', 'run.sh'],
  ['bash run.sh', 'run.sh'],
  ['sh -e ./run.sh a', 'run.sh'],
  ['timeout 5 python3 tool.py', 'tool.py'],
  ['cd sub && ./run.sh', 'sub/run.sh'],
  ['. ./run.sh', 'run.sh'],
  ['sudo ./run.sh', 'run.sh'],
  ['echo $(bash run.sh)', 'run.sh'],
  ["bash -c 'python3 tool.py'", 'tool.py'],
])('what %j runs is told by what %s says', async (line, file) => {
  const { hash, change } = place();
  const before = await hash(line);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(await hash(line)).toBe(before);
  change(file);
  expect(await hash(line)).not.toBe(before);
});

test('what is only read does not count, and what is gone is told from what is there', async () => {
  const { folder, hash, change } = place();
  const before = await hash('cat data; ./run.sh');
  change('data');
  expect(await hash('cat data; ./run.sh')).toBe(before);
  rmSync(join(folder, 'run.sh'));
  expect(await hash('cat data; ./run.sh')).not.toBe(before);
  expect(await hash('no-such-program')).toBeNull();
  expect(await executedFiles([{ kind: 'read', path: join(folder, 'data') }], folder)).toBeNull();
});
