import { Problem } from '../../../shared/problem.ts';
import type { Connection } from '../../store/database.ts';
import { kindWord } from '../looking/words.ts';
import { markedKinds } from '../verification/marked-kinds.ts';
import type { Effect } from '../writing.ts';
import type { DerivedRows } from './derived-rows.ts';

/** Without these verification could not excuse what is gone, nor know the keys. */
const lasting = new Set([...markedKinds, 'log.restored']);

/** Takes away what an event carries, or blobs of it alone; its header stays. */
export function eraseFrom(
  database: Connection,
  what: NonNullable<Effect['erase']>,
  rows: Pick<DerivedRows, 'feedOn'>,
  /** So many events the word index knows; it takes the others from the log later, as they are then. */
  indexed: number,
): void {
  const seq = typeof what === 'number' ? what : what.seq;
  const row = database.prepare('SELECT kind, data FROM events WHERE seq = ?').get(seq) as
    { kind: string; data: string | null } | undefined;
  if (!row) throw new Problem('not_found', `There is no event ${seq}.`);
  if (row.data === null) throw new Problem('conflict', `What event ${seq} carried is already erased.`);
  if (typeof what !== 'number') return eraseBlobs(database, seq, what.blobs);
  const places = database
    .prepare('SELECT place FROM event_blobs WHERE seq = ? AND salt IS NOT NULL')
    .pluck()
    .all(seq) as number[];
  refuseNeeded(seq, row.kind, rows, places.length > 0);
  database.prepare('UPDATE events SET data = NULL, salt = NULL WHERE seq = ?').run(seq);
  if (seq < indexed) {
    database
      .prepare("INSERT OR REPLACE INTO event_words (rowid, text, kind) VALUES (?, '', ?)")
      .run(seq, kindWord(row.kind));
  }
  eraseBlobs(database, seq, places);
  // Parts of the word index that were merged over still know the words.
  database.exec("INSERT INTO event_words (event_words) VALUES ('optimize')");
}

function refuseNeeded(seq: number, kind: string, rows: Pick<DerivedRows, 'feedOn'>, attached: boolean): void {
  if (rows.feedOn(kind)) {
    throw new Problem(
      'conflict',
      `Event ${seq} cannot be erased: Holdfast derives its own state from it.`,
      attached
        ? `What is attached to it can be erased alone: \`holdfast erase ${seq} --blobs\`.`
        : 'Undo it instead, for instance by revoking the token.',
    );
  }
  if (lasting.has(kind)) {
    throw new Problem(
      'conflict',
      `Event ${seq} cannot be erased: it says why something is no longer here, or how this record began.`,
      'Erase the event that carries what should go.',
    );
  }
}

/** No row is derived from blobs, so those of any event may go. The content goes with the last event that carries it. */
function eraseBlobs(database: Connection, seq: number, places: readonly number[]): void {
  const find = database.prepare('SELECT hash, salt FROM event_blobs WHERE seq = ? AND place = ?');
  const forget = database.prepare(
    'UPDATE event_blobs SET hash = NULL, salt = NULL WHERE seq = ? AND place = ?',
  );
  const unused = database.prepare(
    'DELETE FROM blobs WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM event_blobs WHERE hash = blobs.hash)',
  );
  for (const place of places) {
    const blob = find.get(seq, place) as { hash: string | null; salt: string | null } | undefined;
    if (!blob) throw new Problem('not_found', `Event ${seq} carries no blob ${place}.`);
    if (blob.salt === null) throw new Problem('conflict', `Blob ${place} of event ${seq} is already erased.`);
    forget.run(seq, place);
    unused.run(blob.hash);
  }
}
