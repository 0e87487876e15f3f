import { readFile, statfs } from 'node:fs/promises';
import { inside } from '../inside/made-up-files.ts';
import type { TotalUse } from '../totals/watchdog.ts';
import { childrenOf } from './process.ts';

/** A name in memory takes about this, even where nothing is in it. */
const entryBytes = 1024;

const scratchFolders = ['/tmp', '/run', '/dev/shm'];

/** What the descendants of a process use, as they are now; null where there are none. */
export async function memoryUse(pid: number, home: string = inside.home): Promise<TotalUse | null> {
  const [first, ...others] = descendantsOf(pid);
  if (first === undefined) return null;
  const each = await Promise.all([first, ...others].map(processUse));
  const scratch = [...scratchFolders, home];
  const folders = await Promise.all(scratch.map((folder) => used(`/proc/${first}/root${folder}`)));
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  return { processes: sum(each), scratch: sum(folders) };
}

function descendantsOf(pid: number): number[] {
  const found: number[] = [];
  let level = childrenOf(pid);
  while (level.length > 0) {
    found.push(...level);
    level = level.flatMap(childrenOf);
  }
  return found;
}

async function processUse(pid: number): Promise<number> {
  try {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const amount = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
    return (amount('Pss') + amount('SwapPss')) * 1024;
  } catch {
    return residentSize(pid);
  }
}

/** What every process tells of every other; shared pages are counted for each who has them. */
async function residentSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}

async function used(folder: string): Promise<number> {
  return statfs(folder).then(
    ({ blocks, bfree, bsize, files, ffree }) => (blocks - bfree) * bsize + (files - ffree) * entryBytes,
    () => 0,
  );
}
