import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { DesktopMemory } from './desktop-memory.ts';

const window = { x: 1, y: 2, width: 800, height: 600, maximized: false };
const newFile = () => join(mkdtempSync(join(tmpdir(), 'holdfast-memory-')), 'desktop.json');

async function open(path: string) {
  const failures: unknown[] = [];
  const clock = new ManualClock();
  return {
    memory: await DesktopMemory.open(path, clock, (failure) => failures.push(failure)),
    clock,
    failures,
  };
}

test('what was changed many times is written once, for this account alone, and read back', async () => {
  const path = newFile();
  const { memory, clock } = await open(path);
  for (let x = 0; x < 100; x++) memory.change({ window: { ...window, x } });
  expect(clock.waiting).toBe(1);
  clock.advance(500);
  await memory.flush();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await open(path)).memory.now).toEqual({ window: { ...window, x: 99 }, secrets: 'system' });
});

test('leaving writes what has not been written yet', async () => {
  const path = newFile();
  const { memory, clock } = await open(path);
  memory.change({ secrets: 'file' });
  await memory.flush();
  expect(clock.waiting).toBe(0);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ window: null, secrets: 'file' });
});

test.each(['', '{', '{"window":{"x":"left"}}', '[]'])(
  'a file that says %j is as good as none',
  async (text) => {
    const path = newFile();
    writeFileSync(path, text);
    expect((await open(path)).memory.now).toEqual({ window: null, secrets: 'system' });
  },
);

test('a folder that cannot be written to is told and costs nothing else', async () => {
  const { memory, failures } = await open(join(newFile(), 'nowhere', 'desktop.json'));
  memory.change({ window });
  await memory.flush();
  expect(memory.now.window).toEqual(window);
  expect(failures).toHaveLength(1);
});
