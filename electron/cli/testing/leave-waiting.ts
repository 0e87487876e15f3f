import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../e2e/launchers/leave-waiting.ts', import.meta.url));

/** Calls of a life that was cut off, each of which waits for the person; their ids, in order. */
export function leaveWaiting(data: string, lines: readonly string[]): string[] {
  return JSON.parse(
    execFileSync(process.execPath, [script, data, ...lines], { encoding: 'utf8' }),
  ) as string[];
}
