import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Mount } from '../bubblewrap/mounts.ts';
import type { Account } from './account.ts';
import { helperInside } from './layout.ts';

/** How the helper comes in: bound, or, where the sandbox's account cannot reach it, as a copy in memory. */
export async function helperMount(path: string, drop: Account | null): Promise<Mount> {
  if (drop === null || (await everybodyReaches(path))) {
    return { what: 'bind', from: path, fd: null, at: helperInside, writable: false };
  }
  return { what: 'file', content: await readFile(path), at: helperInside, mode: 0o555 };
}

async function everybodyReaches(path: string): Promise<boolean> {
  const readAndRun = 0o5;
  if (((await stat(path)).mode & readAndRun) !== readAndRun) return false;
  for (let at = dirname(path); ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o1) === 0) return false;
    if (at === '/') return true;
  }
}
