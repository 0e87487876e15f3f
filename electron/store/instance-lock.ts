import { closeSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { Problem } from '../../shared/problem.ts';
import { writePrivateFile } from '../base/private-files.ts';

/** What a second start tells of the first. Only words: whether the folder is held is decided by the kernel. */
const holderSchema = z.object({
  pid: z.int(),
  since: z.string(),
  version: z.string(),
  surface: z.enum(['desktop', 'daemon', 'restore']),
  address: z.string().nullable(),
  socket: z.string().nullable(),
});
export type Holder = z.infer<typeof holderSchema>;

export interface InstanceLock {
  /** Tells later starts who holds the folder. */
  announce(holder: Holder): Promise<void>;
  release(): Promise<void>;
}

/**
 * One instance per data folder. The lock is SQLite's exclusive lock on an empty database file:
 * the kernel gives it back when the process ends, however it ends, so nothing stale can remain.
 */
export function takeInstanceLock(paths: { lock: string; holder: string; data: string }): InstanceLock {
  const lock = openLock(paths);
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (failure) {
    lock.close();
    if (failure instanceof Database.SqliteError && failure.code.startsWith('SQLITE_BUSY'))
      throw heldBy(paths);
    throw cannotLock(paths, failure);
  }
  return {
    announce: (holder) => writePrivateFile(paths.holder, `${JSON.stringify(holder, null, 2)}\n`),
    async release() {
      await rm(paths.holder, { force: true });
      lock.close();
    },
  };
}

function openLock(paths: { lock: string; data: string }): Database.Database {
  try {
    closeSync(openSync(paths.lock, 'a', 0o600));
    return new Database(paths.lock, { timeout: 0 });
  } catch (failure) {
    throw cannotLock(paths, failure);
  }
}

/** Holdfast never writes into this file, so what it holds is somebody else's. */
function cannotLock({ lock, data }: { lock: string; data: string }, failure: unknown): Problem {
  const { code = '', message } = failure as NodeJS.ErrnoException;
  const [sentence, mend] =
    code === 'EACCES' || code === 'EPERM'
      ? [
          `This account may not write into the data folder ${data}.`,
          'Use the account that it belongs to, or choose another folder with --data.',
        ]
      : code === 'EROFS'
        ? [
            `The data folder ${data} is on a disk that cannot be written.`,
            'Choose another folder with --data.',
          ]
        : [
            `${lock} cannot be locked: ${message}.`,
            'Look at that file, and move it away if it is not Holdfast’s: it should be empty.',
          ];
  return new Problem('storage_failed', sentence, mend, { cause: failure });
}

/** Who says it holds the folder; undefined where nobody does, or where that cannot be read. */
export function readHolder(path: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function heldBy(paths: { holder: string; data: string }): Problem {
  const holder = readHolder(paths.holder);
  const what = { desktop: 'as the desktop app', daemon: 'as a daemon', restore: 'restoring a backup' };
  const who = holder
    ? `Holdfast ${holder.version} runs here ${what[holder.surface]}, process ${holder.pid}, since ${holder.since}`
    : 'another Holdfast holds it and has not said who it is';
  const mend =
    holder?.surface === 'restore'
      ? 'Wait until the backup is restored.'
      : 'Open it with `holdfast open`, stop it with `holdfast stop`, or start on another folder with --data DIR.';
  return new Problem('locked', `The data folder ${paths.data} is in use: ${who}.`, mend);
}
