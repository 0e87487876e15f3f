import { existsSync } from 'node:fs';
import { link, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { syncFolder } from '../../base/private-files.ts';
import { type Connection, databaseName, openForReading } from '../../store/database.ts';
import { unfinishedBeside } from '../../store/unfinished.ts';
import { ArchiveWriter } from '../bundle/archive.ts';
import type { Progress } from '../record.ts';

export interface BackupRequest {
  /** The database file. */
  path: string;
  /** The file to write; it must not exist yet. */
  destination: string;
  /** The newest signed note. */
  checkpoint: string;
  /** Verifier key of the one who signed it. */
  key: string;
  version: string;
  /** Milliseconds. */
  now: number;
}

export interface BackupMade {
  path: string;
  bytes: number;
  size: number;
}

export const backupFolder = 'holdfast-backup';
const pagesAtOnce = 2048;

/**
 * Copies the record while it goes on, from one snapshot, into one packed file: the database, the
 * newest checkpoint and the public key. Secrets and the signing key are not in it.
 */
export async function backupRecord(
  request: BackupRequest,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<BackupMade> {
  const { destination } = request;
  refuseToOverwrite(destination);
  const unfinished = await unfinishedBeside(destination, dirname(request.path));
  const { copy, packed } = unfinished;
  try {
    const size = await copyDatabase(request.path, copy, tell, signal);
    const bytes = await pack(request, { copy, packed, size }, tell, signal);
    await putInPlace(packed, destination);
    return { path: destination, bytes, size };
  } catch (thrown) {
    throw signal.aborted
      ? new Problem('cancelled', 'The backup was cancelled.')
      : asProblem(thrown, destination);
  } finally {
    await unfinished.remove();
  }
}

function refuseToOverwrite(destination: string): void {
  if (existsSync(destination)) {
    throw new Problem(
      'conflict',
      `${destination} is already there.`,
      'Choose a file that does not exist yet.',
    );
  }
  if (!existsSync(dirname(destination))) {
    throw new Problem(
      'not_found',
      `There is no folder ${dirname(destination)}.`,
      'Make it, or choose another one.',
    );
  }
}

/** While a read transaction is open, what others write does not make SQLite's copy begin again. */
async function copyDatabase(
  path: string,
  copy: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  await (await open(copy, 'wx', 0o600)).close();
  const database = openForReading(path);
  try {
    database.exec('BEGIN');
    const size = sizeOf(database);
    await database.backup(copy, {
      progress({ totalPages, remainingPages }) {
        signal.throwIfAborted();
        tell({ phase: 'copying', done: totalPages - remainingPages, total: totalPages });
        return pagesAtOnce;
      },
    });
    return size;
  } finally {
    database.close();
  }
}

function sizeOf(database: Connection): number {
  return database.prepare('SELECT coalesce(max(seq) + 1, 0) FROM events').pluck().get() as number;
}

async function pack(
  request: BackupRequest,
  { copy, packed, size }: { copy: string; packed: string; size: number },
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const time = new Date(request.now);
  const archive = await ArchiveWriter.create(packed, { time, level: 1, signal });
  try {
    const about = { format: 1, size, made: time.toISOString(), madeBy: `Holdfast ${request.version}` };
    await archive.text(`${backupFolder}/backup.json`, `${JSON.stringify(about, null, 2)}\n`);
    await archive.text(`${backupFolder}/checkpoint`, request.checkpoint);
    await archive.text(`${backupFolder}/key`, `${request.key}\n`);
    await archive.file(`${backupFolder}/${databaseName}`, copy, (done, total) =>
      tell({ phase: 'packing', done, total }),
    );
    return (await archive.finish()).bytes;
  } catch (thrown) {
    await archive.abandon();
    throw thrown;
  }
}

/** A hard link never replaces a file that came meanwhile; where the disk knows none, a rename has to do. */
async function putInPlace(packed: string, destination: string): Promise<void> {
  try {
    await link(packed, destination);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') throw thrown;
    refuseToOverwrite(destination);
    await rename(packed, destination);
  }
  await syncFolder(dirname(destination));
}

function asProblem(thrown: unknown, destination: string): unknown {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (thrown instanceof Problem || code === undefined) return thrown;
  if (code === 'EEXIST') return new Problem('conflict', `${destination} is already there.`);
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return new Problem(
      'storage_full',
      `There is no room for a backup at ${destination}.`,
      'Choose another disk.',
    );
  }
  return new Problem(
    'storage_failed',
    `The backup could not be written: ${message}.`,
    'Choose another place.',
  );
}
