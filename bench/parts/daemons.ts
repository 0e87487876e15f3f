import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Started {
  process: ChildProcess;
  /** What the daemon said when it was ready. */
  line: string;
  milliseconds: number;
}

/** Starts a daemon and waits for its first line. */
export async function start(
  script: URL,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  /** A module that is loaded into it first. */
  watch?: URL,
): Promise<Started> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [...(watch ? ['--import', watch.pathname] : []), script.pathname, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    },
  );
  // A measurement that breaks off leaves nothing behind that goes on.
  process.once('exit', () => child.kill());
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, line: chunk.toString().trim(), milliseconds: performance.now() - began };
}

export async function stop({ process: child }: Started): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Processor time of every living thread so far, from the scheduler's own nanoseconds. */
export function cpuMilliseconds(pid: number): number {
  const tasks = readThreads(pid).map((task) =>
    Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ', 1)[0]),
  );
  return tasks.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
}

export function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function readThreads(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`);
}

export const builtDaemon = new URL('../../out/main/daemon.js', import.meta.url);
export const minimalDaemon = new URL('./minimal-daemon.mjs', import.meta.url);
