import { isEventKind } from '../../../shared/events/catalogue.ts';
import type { Header, PayloadState, RecordedEvent } from '../../../shared/events/event.ts';

/** One row of `events`, as SQLite gives it. */
export interface EventRow {
  seq: number;
  id: string;
  time: number;
  kind: string;
  actor_kind: string;
  actor_id: string | null;
  agent: string | null;
  run: string | null;
  session: string | null;
  subtask: string | null;
  parent: string | null;
  header: string;
  data: string | null;
  salt: string | null;
}

export const eventColumns =
  'seq, id, time, kind, actor_kind, actor_id, agent, run, session, subtask, parent, header, data, salt';

/** One row of `event_blobs` with what `blobs` says of it. */
export interface EventBlobRow {
  seq: number;
  place: number;
  hash: string | null;
  salt: string | null;
  here: 0 | 1;
}

/** Its type alone: asked whether it is null, SQLite would read all of a content first. */
export const eventBlobQuery = `
  SELECT e.seq, e.place, e.hash, e.salt, typeof(b.content) <> 'null' AS here
  FROM event_blobs e LEFT JOIN blobs b ON b.hash = e.hash`;

function blobState(row: EventBlobRow | undefined): PayloadState {
  if (!row || row.salt === null) return 'erased';
  return row.here ? 'present' : 'pruned';
}

/** The header is what the tree signs, so events are read from it; the columns only serve to find them. */
export function eventFromRow(
  row: Pick<EventRow, 'header' | 'data'>,
  blobRows: readonly EventBlobRow[] = [],
): RecordedEvent {
  const header = JSON.parse(row.header) as Header;
  const blobs = (header.blobs ?? []).map((stamp, index) => ({
    ...stamp,
    index,
    state: blobState(blobRows.find((blob) => blob.place === index)),
  }));
  return {
    seq: header.seq,
    id: header.id,
    time: header.time,
    kind: header.kind,
    known: isEventKind(header.kind),
    actor: header.actor,
    scope: header.scope ?? {},
    ...(header.parent ? { parent: header.parent } : {}),
    payload: row.data === null ? 'erased' : 'present',
    ...(row.data === null ? {} : { data: JSON.parse(row.data) as NonNullable<RecordedEvent['data']> }),
    blobs,
  };
}
