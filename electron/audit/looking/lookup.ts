import type { Proof } from '../../../shared/contract/record.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { idPrefixes } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Connection } from '../../store/database.ts';
import { fromBase64, leafHash } from '../tree/hashing.ts';
import { eventsFromRows } from '../query.ts';
import { frontierAt, subtreesOf } from '../tree/subtrees.ts';
import { inclusionPath } from '../tree/tree.ts';
import { lastCheckpoint } from '../checkpoints/checkpoint-rows.ts';

interface Found {
  seq: number;
  header: string;
  data: string | null;
}

const select = 'SELECT seq, header, data FROM events';

/** By sequence number, id, or the beginning of an id that only one event has. */
function find(database: Connection, event: string): Found {
  if (/^\d{1,15}$/.test(event)) {
    const row = database.prepare(`${select} WHERE seq = ?`).get(Number(event)) as Found | undefined;
    if (row) return row;
    throw new Problem('not_found', `There is no event ${event}.`);
  }
  const start = event.startsWith(`${idPrefixes.event}_`) ? event : `${idPrefixes.event}_${event}`;
  const rows = database
    .prepare(`${select} WHERE id >= ? AND id < ? LIMIT 2`)
    .all(start, `${start}~`) as Found[];
  if (rows.length === 0) throw new Problem('not_found', `There is no event “${event}”.`);
  if (rows.length > 1)
    throw new Problem(
      'invalid_input',
      `More than one event begins with “${event}”.`,
      'Give more letters of its id.',
    );
  return rows[0]!;
}

/** One event with its header and the way from its leaf to a signed root. */
export function lookUp(
  database: Connection,
  event: string,
): { event: RecordedEvent; header: string; proof: Proof } {
  return database.transaction(() => {
    const row = find(database, event);
    const newest = lastCheckpoint(database);
    const checkpoint = newest && newest.size > row.seq ? newest : null;
    const subtree = subtreesOf(database);
    const size =
      checkpoint?.size ?? (database.prepare('SELECT max(seq) + 1 FROM events').pluck().get() as number);
    const path = inclusionPath(row.seq, size, subtree);
    const root = checkpoint ? fromBase64(checkpoint.root) : frontierAt(size, subtree).root();
    const [recorded] = eventsFromRows(database, [row]);
    return {
      event: recorded!,
      header: row.header,
      proof: { leaf: leafHash(row.header), path, root, size, checkpoint },
    };
  })();
}

/** How much of a blob travels in one answer. */
export const blobPiece = 256 * 1024;

export interface BlobPiece {
  name: string;
  type: string;
  size: number;
  content: Uint8Array;
  next: number | null;
}

export function readBlob(database: Connection, seq: number, index: number, offset: number): BlobPiece {
  const [event] = eventsFromRows(database, [find(database, String(seq))]);
  const stamp = event?.blobs[index];
  if (!stamp) throw new Problem('not_found', `Event ${seq} carries no blob ${index}.`);
  if (stamp.state !== 'present') {
    throw new Problem('not_found', `What event ${seq} carried as “${stamp.name}” was ${stamp.state}.`);
  }
  const content = database
    .prepare(
      `SELECT substr(b.content, ?, ?) FROM event_blobs e JOIN blobs b ON b.hash = e.hash
       WHERE e.seq = ? AND e.place = ?`,
    )
    .pluck()
    .get(offset + 1, blobPiece, seq, index) as Buffer;
  const end = offset + content.length;
  return {
    name: stamp.name,
    type: stamp.type,
    size: stamp.size,
    content,
    next: end < stamp.size ? end : null,
  };
}
