import Database from 'better-sqlite3';
import { Problem } from '../../shared/problem.ts';

export type Connection = Database.Database;

export const databaseName = 'record.sqlite';

/** The one connection that writes. A commit returns when the bytes are on the disk. */
export function openForWriting(path: string): Connection {
  const database = new Database(path);
  database.pragma('trusted_schema = OFF');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
  // What is erased must be gone from the file, not only from its index.
  database.pragma('secure_delete = ON');
  database.pragma('cache_size = -16384');
  database.pragma('journal_size_limit = 67108864');
  // Many commits rewrite the same pages: carried over together they are carried over once.
  database.pragma('wal_autocheckpoint = 4000');
  return database;
}

/** For looking only; any number of these may be open beside the writer. */
export function openForReading(path: string): Connection {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  database.pragma('trusted_schema = OFF');
  database.pragma('busy_timeout = 5000');
  database.pragma('query_only = ON');
  return database;
}

const full = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_IOERR_SHMSIZE',
  'ENOSPC',
]);

/** A storage error as people meet it. */
export function storageProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const code = (thrown as { code?: string }).code ?? '';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (full.has(code)) {
    return new Problem(
      'storage_full',
      'There is no room left on the disk that holds the record.',
      'Free some space; Holdfast goes on by itself.',
      { cause: thrown },
    );
  }
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return new Problem(
      'record_damaged',
      `The record’s database is damaged: ${message}.`,
      'Restore the newest backup with `holdfast restore FILE`.',
      { cause: thrown },
    );
  }
  return new Problem(
    'storage_failed',
    `The record could not be read or written: ${message}.`,
    'Check the disk and the permissions of the data folder.',
    { cause: thrown },
  );
}

/** A cache that lives in memory and ends with its process: what is in it can be derived again. */
export function openInMemory(): Connection {
  const database = new Database(':memory:');
  database.pragma('trusted_schema = OFF');
  return database;
}
