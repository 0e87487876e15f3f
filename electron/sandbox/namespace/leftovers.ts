import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import type { Reconciled } from '../sandbox.ts';
import { ownerMark } from './owner-mark.ts';

interface Needs {
  readonly clock: Clock;
  readonly data: string;
}

interface Marked {
  readonly pid: number;
  readonly parent: number;
  readonly session: string;
}

const againMs = 20;
const mostTries = 500;

/**
 * Ends the sandboxes of a life that was killed. They end by themselves when that happens; this is for what the kernel
 * had no time for, or could not see. Sandboxes of this life, and those of other data folders, are left alone.
 */
export async function removeLeftovers({ clock, data }: Needs): Promise<Reconciled> {
  const mark = ownerMark(data);
  const left = await orphans(mark);
  for (const { pid } of left) killMarked(pid, mark);
  for (
    let tries = 0;
    tries < mostTries && left.some(({ pid }) => markedAs(pid, mark) !== undefined);
    tries++
  ) {
    await new Promise<void>((resolve) => void clock.after(againMs, resolve));
  }
  const sessions = [...new Set(left.map(({ session }) => session))];
  return { removed: sessions.map((session) => `the namespace sandbox of session ${session}`) };
}

/** The marked processes that do not stem from this one. */
async function orphans(mark: string): Promise<Marked[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = pids.flatMap((pid): Marked[] => {
    const session = markedAs(pid, mark);
    return session === undefined ? [] : [{ pid, parent: parentOf(pid), session }];
  });
  const parents = new Map(marked.map(({ pid, parent }) => [pid, parent]));
  const ours = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || ours(parent));
  };
  return marked.filter(({ pid }) => !ours(pid));
}

function killMarked(pid: number, mark: string): void {
  // Its number may be another's by now.
  if (markedAs(pid, mark) === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
}

/** Whose sandbox a process is, by the name it was started under; nothing where it is none of this data folder's. */
function markedAs(pid: number, mark: string): string | undefined {
  try {
    const [name = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return name.startsWith(mark) ? name.slice(mark.length) : undefined;
  } catch {
    return undefined;
  }
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
