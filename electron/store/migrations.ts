import type Database from 'better-sqlite3';
import { copyFileSync } from 'node:fs';
import { Problem } from '../../shared/problem.ts';
import { record } from './migrations/0001-record.ts';

/** In order; the number of those applied is the file's `user_version`. Never change one that was released. */
export const migrations: readonly string[] = [record];

/**
 * Brings a database to the present schema: each missing step runs once, all in one transaction.
 * A database that held something is copied beside itself first.
 */
export function migrate(database: Database.Database, steps: readonly string[] = migrations): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > steps.length) {
    throw new Problem(
      'newer_version',
      `This record was written by a newer Holdfast (schema ${version}; this version knows up to ${steps.length}).`,
      'Start the newer version, or choose another data folder with --data.',
    );
  }
  if (version === steps.length) return;
  if (version > 0) {
    database.pragma('wal_checkpoint(TRUNCATE)');
    copyFileSync(database.name, `${database.name}.before-schema-${steps.length}`);
  }
  database
    .transaction(() => {
      for (const step of steps.slice(version)) database.exec(step);
      database.pragma(`user_version = ${steps.length}`);
    })
    .immediate();
}
