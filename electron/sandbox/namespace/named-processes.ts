import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

export async function processIds(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The name that a process was started under; empty where it is gone. */
export function processName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0', 1)[0] ?? '';
  } catch {
    return '';
  }
}

/** Ends a process whose name begins so; its number may be another's by now. */
export function killNamed(pid: number, beginning: string): void {
  if (!processName(pid).startsWith(beginning)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
}
