import { readdirSync, readFileSync } from 'node:fs';

/** The processes of this machine whose own name begins so. */
export const processesNamed = (beginning: string): number[] =>
  processes(([name = '']) => name.startsWith(beginning));

/** Those that were started with this argument. */
export const processesWith = (argument: string): number[] => processes((words) => words.includes(argument));

/** One that is dead and only waits for its parent has no words any more. */
function processes(is: (words: readonly string[]) => boolean): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => is(wordsOf(pid)));
}

function wordsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
