import type { Connection } from '../../store/database.ts';

export interface BlobQuestion {
  readonly session: string;
  readonly kinds: readonly string[];
  /** Capitals count as small letters. */
  readonly text: string;
  /** Names in JSON whose values are no text of anybody’s. */
  readonly leave: readonly string[];
  readonly before: number;
  readonly limit: number;
}

export interface BlobsFound {
  /** Newest first. */
  readonly seqs: readonly number[];
  /** Where to go on, as `before`; null at the beginning. */
  readonly next: number | null;
}

/** What one answer looks through at most, so that nobody else waits long for this thread. */
const mostBytes = 8 * 1024 * 1024;

/** Events of a session whose blobs hold a text. What is JSON is looked at by its texts, not by how it is written. */
export function searchBlobs(database: Connection, question: BlobQuestion): BlobsFound {
  const { session, kinds, before, limit } = question;
  const wanted = question.text.toLocaleLowerCase('en');
  const leave = new Set(question.leave);
  const rows = database
    .prepare(
      `SELECT e.seq, b.content FROM events e
       JOIN event_blobs eb ON eb.seq = e.seq JOIN blobs b ON b.hash = eb.hash
       WHERE e.session = ? AND e.seq < ? AND b.content IS NOT NULL
         AND e.kind IN (${kinds.map(() => '?').join(', ')})
       ORDER BY e.seq DESC`,
    )
    .iterate(session, before, ...kinds) as IterableIterator<{ seq: number; content: Buffer }>;
  const seqs: number[] = [];
  let bytes = 0;
  let last = before;
  for (const { seq, content } of rows) {
    // All blobs of an event are looked at in the same answer.
    if (seq !== last && (bytes > mostBytes || seqs.length >= limit)) return { seqs, next: last };
    last = seq;
    bytes += content.length;
    if (seqs.at(-1) !== seq && holds(content.toString('utf8'), wanted, leave)) seqs.push(seq);
  }
  return { seqs, next: null };
}

function holds(content: string, wanted: string, leave: ReadonlySet<string>): boolean {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    value = content;
  }
  return valueHolds(value, wanted, leave);
}

function valueHolds(value: unknown, wanted: string, leave: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return value.toLocaleLowerCase('en').includes(wanted);
  if (Array.isArray(value)) return value.some((one) => valueHolds(one, wanted, leave));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, one]) => !leave.has(name) && valueHolds(one, wanted, leave));
}
