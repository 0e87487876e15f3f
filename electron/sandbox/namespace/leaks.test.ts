import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count, soaking } from '../../base/test-counts.ts';
import { processesNamed } from '../testing/marked-processes.ts';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { ran, type SandboxHouse } from '../testing/sandbox-house.ts';
import { ownerMark } from './owner-mark.ts';

let house: SandboxHouse;
beforeAll(async () => {
  house = await openNamespaceHouse();
});
afterAll(() => house.close());

const data = () => join(house.folder, 'data');

/** What this process holds open, by kind: numbers of sockets and the like are always others. */
function descriptors(): string[] {
  return readdirSync('/proc/self/fd')
    .flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`).replaceAll(/\d+/g, 'N')];
      } catch {
        return [];
      }
    })
    .toSorted();
}

const state = () => ({
  descriptors: descriptors(),
  mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
  processes: processesNamed(ownerMark(data())),
  scratch: existsSync(join(data(), 'sandboxes')) ? readdirSync(join(data(), 'sandboxes')) : [],
});

async function oneSession(folder: string, reviewed: string, terminal: boolean): Promise<void> {
  const sandbox = await house.start({
    folders: [
      { path: folder, mode: 'rw' },
      { path: reviewed, mode: 'review' },
    ],
    terminal: terminal ? { columns: 80, rows: 25 } : null,
    secrets: { token: Buffer.from('secret') },
  });
  if (terminal) {
    const running = await sandbox.terminal({ argv: ['echo', 'a terminal'] });
    let said = '';
    for await (const bytes of running.output) said += Buffer.from(bytes).toString();
    expect(said).toBe('a terminal\r\n');
  }
  const background = await sandbox.exec({ argv: ['sleep', '60'] });
  expect((await ran(sandbox, ['echo', 'done'])).out).toBe('done\n');
  await sandbox.teardown();
  expect((await background.ended).how).toBe('lost');
}

/** What is there now and was not before; what is closing in this moment may still be gone in the next. */
function more(before: ReturnType<typeof state>) {
  const now = state();
  const left = [...before.descriptors];
  const descriptorsMore = now.descriptors.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { ...now, descriptors: descriptorsMore, mounts: now.mounts - before.mounts };
}

const nothing = { descriptors: [], mounts: 0, processes: [], scratch: [] };
const patience = { timeout: 20_000 };

test('sessions one after the other leave nothing behind', { timeout: 600_000 }, async () => {
  const [folder, reviewed] = [await house.newFolder(), await house.newFolder()];
  await oneSession(folder, reviewed, true);
  await house.clear();
  const before = state();
  const rss: number[] = [];
  for (let each = 0; each < count(5, 500); each++) {
    await oneSession(folder, reviewed, each % 2 === 0);
    rss.push(process.memoryUsage().rss);
  }
  await house.clear();
  await expect.poll(() => more(before), patience).toEqual(nothing);
  if (soaking) expect(rss.at(-1)! / rss.at(100)!).toBeLessThan(1.5);
});

test('nor do sessions beside each other', { timeout: 600_000 }, async () => {
  const [folder, reviewed] = [await house.newFolder(), await house.newFolder()];
  await oneSession(folder, reviewed, true);
  await house.clear();
  const before = state();
  const many = Array.from({ length: count(6, 50) }, (_, each) =>
    oneSession(folder, reviewed, each % 2 === 0),
  );
  await Promise.all(many);
  await house.clear();
  await expect.poll(() => more(before), patience).toEqual(nothing);
});

test(
  'a start that is given up, at whatever moment, leaves nothing behind',
  { timeout: 600_000 },
  async () => {
    const folder = await house.newFolder();
    await oneSession(folder, await house.newFolder(), true);
    await house.clear();
    const before = state();
    for (let round = 0; round < count(30, 1000); round++) {
      const plan = await house.plan({ folders: [{ path: folder, mode: 'rw' }] });
      const prepared = await house.executor.prepare(plan, new AbortController().signal);
      const started = prepared.start().catch(() => undefined);
      for (let turn = 0; turn < round % 15; turn++) await new Promise((resolve) => setImmediate(resolve));
      await prepared.teardown();
      await started;
      expect(processesNamed(ownerMark(data()))).toEqual([]);
    }
    await house.clear();
    await expect.poll(() => more(before), patience).toEqual(nothing);
  },
);
