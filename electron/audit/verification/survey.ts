import type { Connection } from '../../store/database.ts';
import { schemaDifferences } from '../../store/schema.ts';
import { markedKinds } from './marked-kinds.ts';
import type { Mark } from './range.ts';

/** What has to be known before the ranges are verified. */
export interface Survey {
  log: string;
  size: number;
  /** Of inner nodes of the tree, those that span more than one range. */
  subtrees: { level: number; place: number; hash: string }[];
  gone: { blobs: number; bytes: number };
  /** Rows that belong to no event: where, and how many. */
  strays: { table: string; rows: number }[];
  /** Blobs that no event carries. */
  unclaimed: number;
  /** How the database is made otherwise than by us. */
  schema: string[];
  /** A note signed before there was any event. */
  atBeginning: string | null;
  /** Checkpoints over more events than there are. */
  beyond: { size: number; note: string }[];
}

const unclaimed =
  'SELECT count(*) FROM blobs WHERE NOT EXISTS (SELECT 1 FROM event_blobs WHERE hash = blobs.hash)';

/** So many missing events are told one by one; a sequence number far beyond is a stray. */
const mostMissing = 1_000_000;

export function surveyRecord(database: Connection): Survey {
  const one = (sql: string, ...values: unknown[]) =>
    database
      .prepare(sql)
      .pluck()
      .get(...values);
  return database.transaction((): Survey => {
    const rows = one('SELECT count(*) FROM events') as number;
    const last = one('SELECT coalesce(max(seq), -1) FROM events') as number;
    const size = Math.min(last + 1, rows + mostMissing);
    // Two look-ups at the ends of the key; asked in one condition, SQLite would go through all rows.
    const beside = (table: string) =>
      (one(`SELECT count(*) FROM ${table} WHERE seq < 0`) as number) +
      (one(`SELECT count(*) FROM ${table} WHERE seq >= ?`, size) as number);
    const subtrees = one(
      `SELECT count(*) FROM subtrees
       WHERE level NOT IN (8, 16, 24, 32) OR typeof(place) <> 'integer'
         OR place < 0 OR (place + 1) * (1 << level) > ?`,
      size,
    ) as number;
    return {
      log: (one("SELECT value FROM meta WHERE key = 'log'") as string | undefined) ?? '',
      size,
      subtrees: database
        .prepare('SELECT level, place, hash FROM subtrees WHERE level > 8 ORDER BY level, place')
        .all() as Survey['subtrees'],
      gone: database
        .prepare('SELECT count(*) AS blobs, coalesce(sum(size), 0) AS bytes FROM blobs WHERE content IS NULL')
        .get() as Survey['gone'],
      strays: [
        { table: 'events', rows: beside('events') },
        { table: 'event_blobs', rows: beside('event_blobs') },
        { table: 'checkpoints', rows: one('SELECT count(*) FROM checkpoints WHERE size < 0') as number },
        { table: 'subtrees', rows: subtrees },
      ].filter((stray) => stray.rows > 0),
      unclaimed: one(unclaimed) as number,
      schema: schemaDifferences(database),
      atBeginning: (one('SELECT note FROM checkpoints WHERE size = 0') as string | undefined) ?? null,
      beyond: database
        .prepare('SELECT size, note FROM checkpoints WHERE size > ? ORDER BY size LIMIT 10')
        .all(size) as Survey['beyond'],
    };
  })();
}

/** Events written since the survey that excuse what earlier ranges miss. */
export function lateMarks(database: Connection, from: number): Mark[] {
  const places = markedKinds.map(() => '?').join(', ');
  return database
    .prepare(`SELECT seq, kind, data FROM events WHERE seq >= ? AND kind IN (${places}) AND data IS NOT NULL`)
    .all(from, ...markedKinds) as Mark[];
}
