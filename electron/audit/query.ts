import type { EventFilter, EventPage } from '../../shared/contract/record.ts';
import { actorSchema, type RecordedEvent } from '../../shared/events/event.ts';
import type { Connection } from '../store/database.ts';
import { type EventBlobRow, eventBlobQuery, eventFromRow, type EventRow } from './looking/event-rows.ts';
import type { Cell } from './projection.ts';
import { kindsExpression, wordsExpression } from './looking/words.ts';

export interface Question {
  filter: EventFilter;
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
}

interface Conditions {
  /** Full-text expression, where words or kinds are asked for. */
  match: string | null;
  sql: string[];
  values: Cell[];
  impossible: boolean;
}

const actorKinds: readonly string[] = actorSchema.shape.kind.options;

function conditionsOf(database: Connection, question: Question): Conditions {
  const { filter } = question;
  const found: Conditions = { match: null, sql: [], values: [], impossible: false };
  const add = (sql: string, ...values: Cell[]) => {
    found.sql.push(sql);
    found.values.push(...values);
  };
  const expressions: string[] = [];
  if (filter.text?.trim()) {
    const words = wordsExpression(filter.text);
    if (words) expressions.push(`text : (${words})`);
    else found.impossible = true;
  }
  if (filter.kinds && filter.kinds.length > 0) expressions.push(kindsExpression(filter.kinds));
  if (expressions.length > 0) found.match = expressions.join(' AND ');

  if (filter.actor)
    add(actorKinds.includes(filter.actor) ? 'e.actor_kind = ?' : 'e.actor_id = ?', filter.actor);
  for (const part of ['run', 'session', 'subtask', 'agent'] as const) {
    const value = filter[part];
    if (value !== undefined) add(`e.${part} = ?`, value);
  }
  // The clock of a machine may be set back, so time only narrows the range of sequence numbers;
  // each row is still asked. The plus keeps SQLite from sorting a whole range of the time index.
  const seq = found.match ? 'w.rowid' : 'e.seq';
  if (filter.since) {
    const since = Date.parse(filter.since);
    const first = database.prepare('SELECT min(seq) FROM events WHERE time >= ?').pluck().get(since);
    if (first === null) found.impossible = true;
    else add(`${seq} >= ? AND +e.time >= ?`, first as number, since);
  }
  if (filter.until) {
    const until = Date.parse(filter.until);
    const last = database.prepare('SELECT max(seq) FROM events WHERE time <= ?').pluck().get(until);
    if (last === null) found.impossible = true;
    else add(`${seq} <= ? AND +e.time <= ?`, last as number, until);
  }
  if (question.before !== undefined) add(`${seq} < ?`, question.before);
  if (question.after !== undefined) add(`${seq} > ?`, question.after);
  return found;
}

/** One page of events, newest first; oldest first where `after` is given. */
export function queryEvents(database: Connection, question: Question): EventPage {
  const { match, sql, values, impossible } = conditionsOf(database, question);
  if (impossible) return { events: [], next: null };
  const forward = question.after !== undefined;
  const order = `ORDER BY ${match ? 'w.rowid' : 'e.seq'} ${forward ? 'ASC' : 'DESC'}`;
  const from = match ? 'event_words w JOIN events e ON e.seq = w.rowid' : 'events e';
  const conditions = [...(match ? ['event_words MATCH ?'] : []), ...sql];
  const rows = database
    .prepare(
      `SELECT e.seq, e.header, e.data FROM ${from}
       ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ${order} LIMIT ?`,
    )
    .all(...(match ? [match] : []), ...values, question.limit) as EventRow[];
  const events = eventsFromRows(database, rows);
  return { events, next: rows.length === question.limit ? rows.at(-1)!.seq : null };
}

export function eventsFromRows(
  database: Connection,
  rows: readonly Pick<EventRow, 'seq' | 'header' | 'data'>[],
): RecordedEvent[] {
  const blobs = database.prepare(`${eventBlobQuery} WHERE e.seq = ? ORDER BY e.place`);
  return rows.map((row) => {
    const carriesBlobs = row.header.includes('"blobs":[');
    return eventFromRow(row, carriesBlobs ? (blobs.all(row.seq) as EventBlobRow[]) : []);
  });
}
