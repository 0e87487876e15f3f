import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import { syncFolder } from '../base/private-files.ts';
import { databaseName, openForReading, openForWriting, storageProblem } from '../store/database.ts';
import { migrate } from '../store/migrations.ts';
import { refuseForeignSchema } from '../store/schema.ts';
import { type RestoredMark, restoredMark } from './restoring/restored-mark.ts';
import { toBase64 } from './tree/hashing.ts';
import { keptName } from './checkpoints/kept-checkpoint.ts';
import { parseCheckpoint, parseVerifierKey, readCheckpoint, signersOf } from './tree/note.ts';
import type { Progress } from './record.ts';
import { unpackBackup } from './restoring/unpack-backup.ts';
import { frontierAt, subtreesOf } from './tree/subtrees.ts';
import { type VerifyingThread, verifyRecord } from './verify.ts';

export interface RestoreOptions {
  file: string;
  /** The data folder. No instance runs on it: the caller holds its lock. */
  folder: string;
  clock: Clock;
  threads: number;
  /** Starts a reading thread on a database file. */
  thread: (path: string) => VerifyingThread;
}

export interface Restored {
  log: string;
  /** Verifier key that the record was last signed with. Where the vault has another, it is rotated. */
  key: string;
  size: number;
  /** What lay there before, its root in base64. The next start tells of it on the record. */
  replaced: { size: number; root: string } | null;
  /** The folder into which that was moved. */
  aside: string | null;
}

/** Puts a backup in the place of the record, once it is known to be whole; what was there is moved aside. */
export async function restoreBackup(
  options: RestoreOptions,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Restored> {
  const { file, folder, clock } = options;
  const scratch = join(folder, `restore-${randomBytes(6).toString('hex')}`);
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    const { checkpoint, key } = await unpackBackup(file, scratch, tell, signal);
    const fresh = join(scratch, databaseName);
    checkDatabase(fresh);
    const size = await checkRecord(options, fresh, checkpoint, tell, signal);
    if (signersOf(checkpoint, [parseVerifierKey(key)]).length === 0) {
      throw new Problem('record_damaged', 'The backup’s key is not the one that signed its checkpoint.');
    }
    const replaced = presentRecord(folder);
    mark(fresh, { size, replaced });
    const aside = await exchange(folder, fresh, join(scratch, keptName), clock.now());
    return { log: parseCheckpoint(checkpoint).origin, key, size, replaced, aside };
  } catch (thrown) {
    throw signal.aborted
      ? new Problem('cancelled', 'The restoration was cancelled; nothing was changed.')
      : thrown;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whether SQLite finds the file sound, and brings an older schema up to the present one. */
function checkDatabase(path: string): void {
  try {
    const database = openForWriting(path);
    try {
      const said = database.pragma('quick_check(1)', { simple: true });
      if (said !== 'ok')
        throw new Problem('record_damaged', `The backup’s database is damaged: ${String(said)}.`);
      migrate(database);
      refuseForeignSchema(database);
    } finally {
      database.close();
    }
  } catch (thrown) {
    throw storageProblem(thrown);
  }
}

function mark(path: string, restored: RestoredMark): void {
  const database = openForWriting(path);
  try {
    restoredMark.leave(database, restored);
  } finally {
    database.close();
  }
}

async function checkRecord(
  { clock, thread, threads }: RestoreOptions,
  path: string,
  checkpoint: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const outside = [{ name: 'the backup’s checkpoint', note: checkpoint }];
  const verifying = { outside, trusted: [], thread: () => thread(path), threads, clock };
  for await (const { progress, result } of verifyRecord(verifying, signal)) {
    if (progress) tell(progress);
    if (result?.ok === true && result.size > 0) return result.size;
    if (result) {
      const reason = result.findings[0]?.message ?? 'It holds no event.';
      throw new Problem(
        'record_damaged',
        `The backup does not verify, so nothing was changed. ${reason}`,
        'Choose another backup.',
      );
    }
  }
  throw new Problem('cancelled', 'The restoration was cancelled; nothing was changed.');
}

/** Size and root of what lies there now; of a damaged record what its kept checkpoint says. */
function presentRecord(folder: string): Restored['replaced'] {
  const path = join(folder, databaseName);
  if (!existsSync(path)) return null;
  try {
    const database = openForReading(path);
    try {
      const size = database.prepare('SELECT coalesce(max(seq) + 1, 0) FROM events').pluck().get() as number;
      return { size, root: toBase64(frontierAt(size, subtreesOf(database)).root()) };
    } finally {
      database.close();
    }
  } catch {
    const kept = join(folder, keptName);
    const said = existsSync(kept) ? readCheckpoint(readFileSync(kept, 'utf8')) : undefined;
    return said ? { size: said.size, root: toBase64(said.root) } : null;
  }
}

/**
 * At every moment there is a record in the folder: the present one stays until the fresh one takes
 * its name. Its write-ahead log has to be gone by then, or SQLite would apply it to the wrong file.
 */
async function exchange(
  folder: string,
  fresh: string,
  checkpoint: string,
  now: Date,
): Promise<string | null> {
  const present = join(folder, databaseName);
  const names = (await readdir(folder)).filter(belongsToRecord);
  let aside: string | null = null;
  if (names.length > 0) {
    aside = join(folder, `before-restore-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
    await mkdir(aside, { mode: 0o700 });
    flushWriteAheadLog(present);
    for (const name of (await readdir(folder)).filter(belongsToRecord)) {
      if (name === databaseName) await copyByLink(present, join(aside, name));
      else await rename(join(folder, name), join(aside, name));
    }
    await syncFolder(aside);
  }
  await rename(fresh, present);
  await rename(checkpoint, join(folder, keptName));
  await syncFolder(folder);
  return aside;
}

const belongsToRecord = (name: string): boolean => name.startsWith(databaseName) || name.startsWith(keptName);

function flushWriteAheadLog(path: string): void {
  if (!existsSync(path)) return;
  try {
    const database = openForWriting(path);
    try {
      database.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      database.close();
    }
  } catch (thrown) {
    // A damaged record is set aside with its write-ahead log, as it is.
    if (storageProblem(thrown).code !== 'record_damaged') throw thrown;
  }
}

async function copyByLink(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}
