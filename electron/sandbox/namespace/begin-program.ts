import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Account } from './account.ts';
import type { ProgramEnd, Starter } from './starter.ts';

/** Where a program finds what it is given beside its standard streams. */
export const places = { terminal: 3, arguments: 4, first: 5 } as const;

export interface ProgramStart {
  readonly file: string;
  /** What stands in the place of its name. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Given through descriptor 4, out of everybody's sight. */
  readonly hidden: readonly string[];
  /** From descriptor 5 on: one that is open here, or what is to be read from a new one, so that it lies in no file. */
  readonly given: readonly (number | Uint8Array)[];
  readonly terminal: number | null;
  /** Under whom; null: under this process's own account. */
  readonly account: Account | null;
}

/** A program that was begun with nothing but what it was given, whichever way. */
export interface BegunProgram {
  /** 0 where it never began. */
  readonly pid: number;
  readonly toProgram: Writable;
  readonly fromProgram: Readable;
  readonly complaints: Readable;
  readonly ended: Promise<ProgramEnd>;
  /** Why it did not begin. */
  failure(): string;
  /** Whether its number may be another's by now. */
  isOver(): boolean;
  kill(): void;
}

const hiddenBytes = ({ hidden }: ProgramStart) => Buffer.from(hidden.map((each) => `${each}\0`).join(''));
const neverBegan: ProgramEnd = { code: null, signal: null };

export function beginByNode(start: ProgramStart): BegunProgram {
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
  const { promise: ended, resolve } = Promise.withResolvers<ProgramEnd>();
  let failure = '';
  child.once('error', (error) => {
    failure = error.message;
    if (child.pid === undefined) resolve(neverBegan);
  });
  child.once('exit', (code, signal) => resolve({ code, signal }));
  const give = (place: number, bytes: Uint8Array) => {
    const stream = child.stdio[place] as Writable;
    // Whoever writes to a process that has just ended hears of it by its end.
    stream.on('error', () => undefined);
    stream.end(bytes);
  };
  give(places.arguments, hiddenBytes(start));
  start.given.forEach((each, at) => {
    if (typeof each !== 'number') give(places.first + at, each);
  });
  const [toProgram, fromProgram, complaints] = child.stdio as unknown as [Writable, Readable, Readable];
  return {
    pid: child.pid ?? 0,
    toProgram,
    fromProgram,
    complaints,
    ended,
    failure: () => failure,
    isOver: () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null,
    kill: () => void child.kill('SIGKILL'),
  };
}

export function beginByStarter(start: ProgramStart, starter: Starter): BegunProgram {
  const theirs: number[] = [];
  const ours: Socket[] = [];
  const opened = (fd: number) => {
    theirs.push(fd);
    return fd;
  };
  const connected = (how: { readable: boolean; writable: boolean }) => {
    const [own, other] = starter.pair();
    opened(other);
    const stream = new Socket({ fd: own, ...how });
    ours.push(stream);
    return stream;
  };
  try {
    const toProgram = connected({ readable: false, writable: true });
    const fromProgram = connected({ readable: true, writable: false });
    const complaints = connected({ readable: true, writable: false });
    const descriptors = [
      ...theirs,
      start.terminal ?? -1,
      opened(starter.filled(hiddenBytes(start))),
      ...start.given.map((each) => (typeof each === 'number' ? each : opened(starter.filled(each)))),
    ];
    const { pid, ended } = starter.start(start.file, [start.name, ...start.argv], descriptors);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
      toProgram.destroy();
    });
    return {
      pid,
      toProgram,
      fromProgram,
      complaints,
      ended,
      failure: () => '',
      isOver: () => isOver,
      kill: () => {
        if (!isOver) process.kill(pid, 'SIGKILL');
      },
    };
  } catch (thrown) {
    for (const stream of ours) stream.destroy();
    throw thrown;
  } finally {
    for (const fd of theirs) closeSync(fd);
  }
}
