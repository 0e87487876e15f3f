import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Session } from '../../shared/session.ts';
import { count, soaking } from '../base/test-counts.ts';
import {
  answerOf,
  beginHoldfast,
  type Daemon,
  holdfast,
  startDaemon,
  testFolder,
  until,
} from './testing/launch.ts';

/** Processes that have this text among their arguments. */
function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Descriptors of a process to anything but its own threads and database. */
function descriptorsOf(pid: number): string[] {
  const own = (path: string) => path.startsWith('anon_inode:') || path.includes('record.sqlite');
  const every = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return every.filter((path) => !own(path));
}

async function killed(daemon: Daemon): Promise<void> {
  daemon.child.kill('SIGKILL');
  await daemon.ended;
}

/** Nothing is found any more of sessions below a data folder. */
function leftIn(data: string): string[] {
  return ['sandboxes', 'sessions'].flatMap((name) => {
    const folder = join(data, name);
    return existsSync(folder) ? readdirSync(folder) : [];
  });
}

/** How long a session takes here and now, from the command line’s start to its end: the milliseconds to kill it in. */
async function wholeLife(data: string): Promise<number> {
  const daemon = await startDaemon({ folder: data });
  const began = performance.now();
  const shell = beginHoldfast(data, ['shell', '--data', data, '--', 'true']);
  const { code } = await shell.ended;
  const took = performance.now() - began;
  expect(code, shell.stderr()).toBe(0);
  await killed(daemon);
  return took;
}

test(
  'after a kill at any moment of a session’s life nothing of it is left, and the record says how it ended',
  { timeout: soaking ? 60 * 60_000 : 60_000 },
  async () => {
    const data = testFolder();
    const rounds = count(3, 200);
    const span = await wholeLife(data);
    let contained = 0;
    for (let round = 0; round < rounds; round++) {
      const daemon = await startDaemon({ folder: data });
      const mark = `sleep-${process.pid}-${round}`;
      const script = round % 2 === 0 ? 'setsid sleep 1000 & sleep 1000' : 'true';
      const shell = beginHoldfast(data, [
        'shell',
        '--data',
        data,
        '--detach',
        '--',
        'sh',
        '-c',
        `: ${mark}; ${script}`,
      ]);
      // A different moment each time, from before the start to after the end.
      await wait(Math.floor(((round + 1) / rounds) * span * 1.2));
      await killed(daemon);
      await shell.ended;
      const again = await startDaemon({ folder: data });
      const sessions = await answerOf<Session[]>(data, 'sessions', '--all');
      expect(sessions.filter(({ state }) => state !== 'ended')).toEqual([]);
      contained += sessions[0] && sessions[0].layers.length > 0 ? 1 : 0;
      await until(() => processesWith(mark).length === 0);
      await until(() => leftIn(data).length === 0);
      await holdfast(data, ['stop']);
      await again.ended;
    }
    // Where no sandbox could be made, nothing would have been tried. A few moments may all lie before the first one.
    if (soaking) expect(contained).toBeGreaterThan(rounds / 20);
  },
);

test('stopping Holdfast ends its sessions, tells whoever watches, and leaves nothing', async () => {
  const daemon = await startDaemon();
  const data = daemon.folder;
  const mark = `stopped-${process.pid}`;
  const watching = beginHoldfast(data, [
    'shell',
    '--data',
    data,
    '--',
    'sh',
    '-c',
    `echo begun; sleep 1000; : ${mark}`,
  ]);
  let over = false;
  void watching.ended.then(() => (over = true));
  await until(() => over || watching.stdout().includes('begun'));
  expect(watching.stdout(), watching.stderr()).toContain('begun');
  await holdfast(data, ['stop']);
  const ended = await watching.ended;
  expect(ended.code).toBe(130);
  expect(watching.stderr()).toContain('Holdfast stops');
  expect((await daemon.ended).code).toBe(0);
  expect(processesWith(mark)).toEqual([]);
  expect(leftIn(data)).toEqual([]);
});

test('sessions one after another and many at a time leave no descriptor and no file', async () => {
  const daemon = await startDaemon();
  const data = daemon.folder;
  const run = () => beginHoldfast(data, ['shell', '--data', data, '--', 'true']).ended;
  expect(await run()).toMatchObject({ code: 0 });
  const before = descriptorsOf(daemon.child.pid!).length;
  for (let i = 0; i < count(2, 500); i++) expect(await run()).toMatchObject({ code: 0 });
  const together = await Promise.all(Array.from({ length: count(4, 50) }, run));
  expect(together.map(({ code }) => code)).toEqual(together.map(() => 0));
  await until(() => descriptorsOf(daemon.child.pid!).length <= before);
  expect(leftIn(data)).toEqual([]);
});
