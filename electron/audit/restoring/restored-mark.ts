import type { Connection } from '../../store/database.ts';
import type { DataOf } from '../projection.ts';

export type RestoredMark = DataOf<'log.restored'>;

/**
 * Lies in a restored database from before it takes its place until `log.restored` is on the record: so no
 * restoration goes untold, wherever it was cut off.
 */
export const restoredMark = {
  /** As it was written; whether it says what it should is for the reader to check. */
  read(database: Connection): string | null {
    const text = database.prepare("SELECT value FROM meta WHERE key = 'restored'").pluck().get();
    return typeof text === 'string' ? text : null;
  },
  leave(database: Connection, mark: RestoredMark): void {
    database
      .prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('restored', ?)")
      .run(JSON.stringify(mark));
  },
  remove(database: Connection): void {
    database.prepare("DELETE FROM meta WHERE key = 'restored'").run();
  },
};
