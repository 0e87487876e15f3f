import type { ExportPreview } from '../../../shared/contract/record.ts';
import { sentenceOf } from '../../../shared/events/catalogue.ts';
import type { Connection } from '../../store/database.ts';
import { eventFromRow } from '../looking/event-rows.ts';
import type { Run } from './proof-lines.ts';

interface KindRow {
  kind: string;
  events: number;
  dataBytes: number;
  sample: number;
}

/** What would leave with a bundle, by kind, most first; of one run only where it is named. */
export function previewOf(
  database: Connection,
  { from, to, onlyRun, onlySession }: Run & { onlyRun: string | null; onlySession: string | null },
): ExportPreview {
  const within = { from, to, run: onlyRun, session: onlySession };
  const kinds = database
    .prepare(
      `SELECT kind, count(*) AS events, coalesce(sum(octet_length(data)), 0) AS dataBytes,
         coalesce(max(CASE WHEN data IS NOT NULL THEN seq END), max(seq)) AS sample
       FROM events WHERE seq BETWEEN @from AND @to AND (@run IS NULL OR run = @run)
         AND (@session IS NULL OR session = @session) GROUP BY kind ORDER BY events DESC, kind`,
    )
    .all(within) as KindRow[];
  const blobs = database
    .prepare(
      `SELECT e.kind, count(*) AS blobs, sum(b.size) AS blobBytes
       FROM event_blobs x JOIN blobs b ON b.hash = x.hash JOIN events e ON e.seq = x.seq
       WHERE x.seq BETWEEN @from AND @to AND (@run IS NULL OR e.run = @run)
         AND (@session IS NULL OR e.session = @session) AND b.content IS NOT NULL GROUP BY e.kind`,
    )
    .all(within) as { kind: string; blobs: number; blobBytes: number }[];
  const blobsOf = new Map(blobs.map((row) => [row.kind, row]));
  const event = database.prepare('SELECT header, data FROM events WHERE seq = ?');
  const rows = kinds.map(({ kind, events, dataBytes, sample }) => ({
    kind,
    events,
    dataBytes,
    blobs: blobsOf.get(kind)?.blobs ?? 0,
    blobBytes: blobsOf.get(kind)?.blobBytes ?? 0,
    sample: sentenceOf(eventFromRow(event.get(sample) as { header: string; data: string | null })),
  }));
  return {
    events: rows.reduce((sum, row) => sum + row.events, 0),
    kinds: rows,
    bytes: rows.reduce((sum, row) => sum + row.dataBytes + row.blobBytes, 0),
  };
}
