import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { count } from '../base/test-counts.ts';
import { readHolder, takeInstanceLock } from './instance-lock.ts';

function places() {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  return { data, lock: join(data, 'instance.lock'), holder: join(data, 'instance.json') };
}

const holder = {
  pid: 4711,
  since: '2026-01-01T00:00:00.000Z',
  version: '1.2.3',
  surface: 'daemon',
  address: null,
  socket: null,
} as const;

/** Another process that holds the folder until it is killed. */
async function otherHolder(paths: ReturnType<typeof places>): Promise<ChildProcess> {
  const script = `
    import { takeInstanceLock } from ${JSON.stringify(new URL('instance-lock.ts', import.meta.url).href)};
    const lock = takeInstanceLock(${JSON.stringify(paths)});
    await lock.announce({ ...${JSON.stringify(holder)}, pid: process.pid });
    process.stdout.write('held');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

function refusal(paths: ReturnType<typeof places>): Problem {
  try {
    takeInstanceLock(paths);
  } catch (thrown) {
    return Problem.of(thrown);
  }
  throw new Error('it was taken');
}

test('a second start is told who holds the folder', async () => {
  const paths = places();
  const child = await otherHolder(paths);
  const problem = refusal(paths);
  expect(problem.code).toBe('locked');
  expect(problem.message).toBe(
    `The data folder ${paths.data} is in use: Holdfast 1.2.3 runs here as a daemon, process ${child.pid}, since 2026-01-01T00:00:00.000Z.`,
  );
  expect(problem.mend).toContain('holdfast stop');
  expect(statSync(paths.lock).mode & 0o777).toBe(0o600);
});

test('a holder that was killed leaves nothing that stands in the way', async () => {
  const paths = places();
  for (let i = 0; i < count(3, 50); i++) {
    const child = await otherHolder(paths);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(readHolder(paths.holder)?.pid).toBe(child.pid);
    await takeInstanceLock(paths).release();
    expect(existsSync(paths.holder)).toBe(false);
  }
});

test('within one process, too, only one has it; and it can be had again after it was given back', async () => {
  const paths = places();
  const lock = takeInstanceLock(paths);
  expect(refusal(paths).message).toContain('another Holdfast holds it and has not said who it is');
  await lock.announce({ ...holder, surface: 'restore' });
  expect(refusal(paths).mend).toBe('Wait until the backup is restored.');
  await lock.release();
  await takeInstanceLock(paths).release();
});

test('a lock file that cannot be one is named, with the mend', () => {
  const written = places();
  writeFileSync(written.lock, 'somebody’s words');
  const folder = places();
  mkdirSync(folder.lock);
  for (const paths of [written, folder]) {
    const problem = refusal(paths);
    expect(problem.code).toBe('storage_failed');
    expect(problem.message).toContain(`${paths.lock} cannot be locked`);
    expect(problem.mend).toContain('it should be empty');
  }
});
