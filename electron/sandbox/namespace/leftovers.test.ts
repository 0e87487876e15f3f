import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { processesNamed, processesWith } from '../testing/marked-processes.ts';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell, until } from '../testing/sandbox-house.ts';
import { ownerMark } from './owner-mark.ts';

const program = join(import.meta.dirname, '../testing/hold-sandbox.ts');

const patience = { timeout: 20_000 };
const run = promisify(execFile);
/** What the programs inside are told to sleep: nobody else's sleep so long. */
const stays = `98${process.pid}.5`;

let house: SandboxHouse;
beforeEach(async () => {
  house = await openNamespaceHouse();
});
afterEach(() => house.close());

const data = () => join(house.folder, 'data');

function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
}

function holdSandboxes(folder: string, mode: string, many: number): ChildProcess {
  const holder = spawn(process.execPath, [program, data(), folder, mode, String(many), stays], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    holder.kill('SIGKILL');
    await ended(holder);
  });
  return holder;
}

const gone = (mark: string) => until(() => Promise.resolve(processesNamed(mark).length === 0));

test('when Holdfast is killed its sandboxes end with everything in them', async () => {
  const folder = await house.newFolder();
  const holder = holdSandboxes(folder, 'review', 3);
  await once(holder.stdout!, 'data');
  const mark = ownerMark(data());
  expect(processesNamed(mark)).toHaveLength(3);
  const inside = () => processesWith(stays).filter((pid) => pid !== holder.pid).length;
  await until(() => Promise.resolve(inside() === 6));
  holder.kill('SIGKILL');
  await gone(mark);
  await expect.poll(inside, patience).toBe(0);
  expect(await house.executor.reconcile()).toEqual({ removed: [] });
  // What a review keeps stays for the person to decide.
  expect(await readdir(join(data(), 'sessions'))).toHaveLength(3);
});

test('killed at any moment, it leaves no process', { timeout: 600_000 }, async () => {
  const folder = await house.newFolder();
  const mark = ownerMark(data());
  for (let round = 0; round < count(4, 200); round++) {
    const holder = holdSandboxes(folder, 'rw', 20);
    // From before its first sandbox to after its last: each round looks at another moment.
    await until(() => Promise.resolve(processesNamed(mark).length > (round * 3) % 18));
    holder.kill('SIGKILL');
    await ended(holder);
    await house.executor.reconcile();
    await gone(mark);
    // The kernel ends what was inside; until it has, the dying may still be seen.
    await expect.poll(() => processesWith(stays), patience).toEqual([]);
  }
});

/** A process of that name whose parent is gone, as one that a killed life left. */
async function orphan(name: string): Promise<number> {
  const start = `const { spawn } = require('node:child_process');
    const child = spawn('sleep', ['98002'], { argv0: process.argv[1], detached: true, stdio: 'ignore' });
    console.log(child.pid);
    process.exit();`;
  const { stdout } = await run(process.execPath, ['-e', start, name]);
  const pid = Number(stdout);
  onTestFinished(() => {
    if (processesNamed(name).includes(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

test('what is left is ended, and nothing of anybody else', async () => {
  const mark = ownerMark(data());
  const running = await house.start();
  const foreign = [ownerMark(`${data()}-other`), mark.slice(0, -1), `x${mark}`];
  const kept = await Promise.all(foreign.map((name) => orphan(`${name}ses_foreign`)));
  await orphan(`${mark}ses_left`);
  await until(() => Promise.resolve(processesNamed(`${mark}ses_left`).length === 1));
  const { removed } = await house.executor.reconcile();
  expect(removed).toEqual(['the namespace sandbox of session ses_left']);
  expect(processesNamed(`${mark}ses_left`)).toEqual([]);
  for (const pid of kept) expect(() => process.kill(pid, 0)).not.toThrow();
  expect((await shell(running, 'echo lives')).out).toBe('lives\n');
  expect(await house.executor.reconcile()).toEqual({ removed: [] });
});

test('an empty data folder has nothing to reconcile', async () => {
  await mkdir(join(data(), 'sandboxes'), { recursive: true });
  expect(await house.executor.reconcile()).toEqual({ removed: [] });
});
