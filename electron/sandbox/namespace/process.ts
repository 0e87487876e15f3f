import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type BegunProgram, beginByNode, beginByStarter, type ProgramStart } from './begin-program.ts';
import { killNamed, processIds, processName } from './named-processes.ts';
import type { ProgramEnd, Starter } from './starter.ts';

/** Its name says whose sandbox it is, so that a later life finds it. */
export type ProcessStart = ProgramStart;

export interface ContainedProcess {
  readonly pid: number;
  readonly toHelper: Writable;
  readonly fromHelper: Readable;
  /** Resolves when it and everything in its process namespace is gone. */
  readonly gone: Promise<ProgramEnd>;
  /** The last of what it complained about. */
  said(): string;
  kill(): void;
}

const mostSaid = 8192;
const lastWordsMs = 1000;
/** One that cannot end, for example on a disk that does not answer, keeps nobody waiting for ever. */
const mostLooks = 2000;

export function startProcess(start: ProcessStart, starter: Starter | null): ContainedProcess {
  // It begins programs under this account only.
  const begun = starter && !start.account ? beginByStarter(start, starter) : beginByNode(start);
  const { promise: gone, resolve } = Promise.withResolvers<ProgramEnd>();
  const early = { killed: false };
  const { toProgram: toHelper, fromProgram: fromHelper, complaints } = begun;
  const heard = new Promise((allRead) => complaints.once('close', allRead));
  void begun.ended.then(async (end) => {
    // Killed while it was making its first process, it left that one waiting for a word that never comes.
    if (early.killed) await sweep(start.name).catch(() => undefined);
    // Its last words may be on their way still. Who else holds on to where they are written says nothing more.
    await Promise.race([heard, wait(lastWordsMs, undefined, { ref: false })]);
    resolve(end);
  });
  // Whoever writes to a process that has just ended hears of it by its end.
  for (const stream of [toHelper, fromHelper, complaints]) stream.on('error', () => undefined);
  let said = '';
  complaints.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('latin1')).slice(-mostSaid);
  });
  return {
    pid: begun.pid,
    toHelper,
    fromHelper,
    gone,
    said: () => `${begun.failure()}${said}`.trim(),
    kill: () => {
      if (!killFirst(begun)) early.killed = true;
    },
  };
}

/**
 * The first process inside is killed, not the one outside that watches it: that one ends when the kernel has ended
 * everything inside, so its end says that nothing is left. False: there was none yet.
 */
function killFirst(begun: BegunProgram): boolean {
  if (begun.isOver()) return true;
  const [first] = childrenOf(begun.pid);
  if (first === undefined) {
    begun.kill();
    return false;
  }
  try {
    process.kill(first, 'SIGKILL');
  } catch {
    begun.kill();
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
