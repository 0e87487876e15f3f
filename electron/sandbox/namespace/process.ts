import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account } from './account.ts';
import { killNamed, processIds, processName } from './named-processes.ts';

/** Where a program finds what it is given beside its standard streams. */
export const places = { terminal: 3, arguments: 4, first: 5 } as const;

export interface ProcessStart {
  readonly file: string;
  /** Its own name and arguments: the name says whose sandbox it is, so that a later life finds it. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Given through descriptor 4, out of everybody's sight. */
  readonly hidden: readonly string[];
  /** From descriptor 5 on: one that is open here, or what is to be read from a new one, so that it lies in no file. */
  readonly given: readonly (number | Uint8Array)[];
  readonly terminal: number | null;
  readonly account: Account | null;
}

export interface ContainedProcess {
  readonly pid: number;
  readonly toHelper: Writable;
  readonly fromHelper: Readable;
  /** Resolves when it and everything in its process namespace is gone. */
  readonly gone: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** The last of what it complained about. */
  said(): string;
  kill(): void;
}

const mostSaid = 8192;
/** One that cannot end, for example on a disk that does not answer, keeps nobody waiting for ever. */
const mostLooks = 2000;

export function startProcess(start: ProcessStart): ContainedProcess {
  const child = spawn(start.file, [...start.argv], {
    argv0: start.name,
    cwd: '/',
    env: {},
    stdio: [
      'pipe',
      'pipe',
      'pipe',
      start.terminal ?? 'ignore',
      'pipe',
      ...start.given.map((each) => (typeof each === 'number' ? each : ('pipe' as const))),
    ],
    ...start.account,
  });
  const { promise: gone, resolve } = Promise.withResolvers<Awaited<ContainedProcess['gone']>>();
  const early = { killed: false };
  let failure = '';
  child.once('error', (error) => {
    failure = error.message;
    if (child.pid === undefined) resolve({ code: null, signal: null });
  });
  child.once('exit', (code, signal) => {
    // Killed while it was making its first process, it left that one waiting for a word that never comes.
    const swept = early.killed ? sweep(start.name) : Promise.resolve();
    void swept.finally(() => resolve({ code, signal }));
  });
  const [toHelper, fromHelper, complaints, , hidden] = child.stdio as [
    Writable,
    Readable,
    Readable,
    null,
    Writable,
  ];
  // Whoever writes to a process that has just ended hears of it by its end.
  for (const stream of [toHelper, fromHelper, complaints, hidden]) stream.on('error', () => undefined);
  let said = '';
  complaints.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('latin1')).slice(-mostSaid);
  });
  start.given.forEach((each, at) => {
    if (typeof each === 'number') return;
    const stream = child.stdio[places.first + at] as Writable;
    stream.on('error', () => undefined);
    stream.end(each);
  });
  hidden.end(start.hidden.map((each) => `${each}\0`).join(''));
  return {
    pid: child.pid ?? 0,
    toHelper,
    fromHelper,
    gone,
    said: () => `${failure}${said}`.trim(),
    kill: () => {
      if (!killFirst(child)) early.killed = true;
    },
  };
}

/**
 * The first process inside is killed, not the one outside that watches it: that one ends when the kernel has ended
 * everything inside, so its end says that nothing is left. False: there was none yet.
 */
function killFirst(child: ChildProcess): boolean {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return true;
  const [first] = childrenOf(child.pid);
  if (first === undefined) {
    child.kill('SIGKILL');
    return false;
  }
  try {
    process.kill(first, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
  return true;
}

/** Kills them, and waits until they are gone: what was killed still stands for a moment. */
async function sweep(name: string): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks++) {
    const left = (await processIds()).filter((pid) => processName(pid).startsWith(name));
    if (left.length === 0) return;
    for (const pid of left) killNamed(pid, name);
    await wait(1);
  }
}

/** The direct children of a process that this kernel names; none where it is gone. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
