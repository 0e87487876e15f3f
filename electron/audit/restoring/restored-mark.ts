import type { z } from 'zod';
import { recordKinds } from '../../../shared/events/record-kinds.ts';
import type { Connection } from '../../store/database.ts';
import { said } from '../verification/said.ts';

const data = recordKinds['log.restored'].data;

export type RestoredMark = z.infer<typeof data>;

/**
 * Lies in a restored database from before it takes its place until `log.restored` is on the record: so no
 * restoration goes untold, wherever it was cut off.
 */
export const restoredMark = {
  read(database: Connection): RestoredMark | null {
    const text = database.prepare("SELECT value FROM meta WHERE key = 'restored'").pluck().get();
    return typeof text === 'string' ? (said(data, text) ?? null) : null;
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
