import { readFileSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import type { Reconciled } from '../sandbox.ts';
import { killNamed, processIds, processName } from './named-processes.ts';
import { ownerMark } from './owner-mark.ts';

interface Needs {
  readonly clock: Clock;
  readonly data: string;
}

interface Marked {
  readonly pid: number;
  readonly session: string;
}

const againMs = 20;
const mostTries = 500;
const mostSteps = 100;

/**
 * Ends the sandboxes of a life that was killed. They end by themselves when that happens; this is for what the kernel
 * had no time for, or could not see. Sandboxes of this life, and those of other data folders, are left alone.
 */
export async function removeLeftovers({ clock, data }: Needs): Promise<Reconciled> {
  const mark = ownerMark(data);
  const sessions = new Set<string>();
  // Again until there is none: one that was just being made may have had a child since it was looked for.
  for (let tries = 0; tries < mostTries; tries++) {
    const left = await orphans(mark);
    if (left.length === 0) break;
    for (const { pid, session } of left) {
      sessions.add(session);
      killNamed(pid, mark);
    }
    await new Promise<void>((resolve) => void clock.after(againMs, resolve));
  }
  return { removed: [...sessions].map((session) => `the namespace sandbox of session ${session}`) };
}

/** The marked processes that do not stem from this one. */
async function orphans(mark: string): Promise<Marked[]> {
  const marked = (await processIds()).flatMap((pid): Marked[] => {
    const name = processName(pid);
    return name.startsWith(mark) ? [{ pid, session: name.slice(mark.length) }] : [];
  });
  return marked.filter(({ pid }) => !isOurs(pid));
}

/** Whatever those between are called: one that is just beginning has no name of its own yet. */
function isOurs(pid: number): boolean {
  for (let at = pid, steps = 0; at > 1 && steps < mostSteps; steps++) {
    at = parentOf(at);
    if (at === process.pid) return true;
  }
  return false;
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
