import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../testing/some-sessions.ts';
import { type SessionVersion, sessionVersion } from '../../sandbox/session-version.ts';
import { executedFiles } from './executed-files.ts';

const hashIn = (folder: string, line: string, version: SessionVersion = (path) => path) =>
  executedFiles([{ kind: 'shell', line, cwd: null, writes: true }], folder, version);

function place() {
  const folder = testFolder();
  mkdirSync(join(folder, 'sub'));
  for (const name of ['run.sh', 'tool.py', 'sub/run.sh', 'data'])
    writeFileSync(join(folder, name), 'echo 1\n');
  const hash = (line: string) => hashIn(folder, line);
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
  expect(
    await executedFiles([{ kind: 'read', path: join(folder, 'data') }], folder, (path) => path),
  ).toBeNull();
});

test.each(['overlay', 'copy'] as const)(
  'of a folder under review the session’s own version counts, links included, and not the person’s (%s)',
  async (way) => {
    const { folder, change } = place();
    const kept = testFolder();
    expect(await hashIn(folder, './run.sh', await sessionVersion(kept))).toBe(
      await hashIn(folder, './run.sh'),
    );
    const own = join(kept, '0', way === 'overlay' ? 'upper' : 'copy');
    mkdirSync(join(own, 'sub'), { recursive: true });
    if (way === 'copy')
      for (const name of ['run.sh', 'tool.py', 'sub/run.sh']) writeFileSync(join(own, name), 'echo 1\n');
    const described = {
      path: folder,
      device: '1',
      inode: '2',
      way,
      place: '0',
      startedNs: '3',
      copiedNs: way === 'copy' ? '4' : null,
    };
    writeFileSync(join(kept, 'kept.json'), JSON.stringify({ version: 1, folders: [described] }));
    const version = await sessionVersion(kept);
    const hash = (line: string) => hashIn(folder, line, version);
    const before = await hash('./run.sh');
    expect(before).toBe(await hashIn(folder, './run.sh'));
    writeFileSync(join(own, 'run.sh'), 'echo by the agent\n');
    const after = await hash('./run.sh');
    expect(after).not.toBe(before);
    change('run.sh');
    expect(await hash('./run.sh')).toBe(after);
    expect(await hash('sub/run.sh')).toBe(before);
    // A link of its own leads where it leads in its version.
    symlinkSync('../run.sh', join(own, 'sub', 'link.sh'));
    expect(await hash('sub/link.sh')).toBe(after);
    symlinkSync('loop', join(own, 'loop'));
    expect(await hash('./loop')).toBeNull();
    expect(await hash('./nothing')).toBeNull();
  },
);
