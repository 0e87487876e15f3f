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
  closeSync(openSync(paths.lock, 'a', 0o600));
  const lock = new Database(paths.lock, { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (failure) {
    lock.close();
    if (failure instanceof Database.SqliteError && failure.code.startsWith('SQLITE_BUSY'))
      throw heldBy(paths);
    throw failure;
  }
  return {
    announce: (holder) => writePrivateFile(paths.holder, `${JSON.stringify(holder, null, 2)}\n`),
    async release() {
      await rm(paths.holder, { force: true });
      lock.close();
    },
  };
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
