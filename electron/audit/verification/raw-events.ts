import type { Connection } from '../../store/database.ts';
import { eventColumns } from '../looking/event-rows.ts';

/** One row of `events` in the order of its columns, as it is stored: nothing of it is believed yet. */
export type RawEvent = [
  seq: number,
  id: string,
  time: number,
  kind: string,
  actorKind: string,
  actorId: string | null,
  agent: string | null,
  run: string | null,
  session: string | null,
  subtask: string | null,
  parent: string | null,
  header: string,
  data: string | null,
  salt: string | null,
];

/** Rows are read by pages: faster than one by one, and a damaged page of the file costs only its own. */
export const pageEvents = 256;

export function rawEventsOf(database: Connection): (from: number, to: number) => RawEvent[] {
  const page = database.prepare(`SELECT ${eventColumns} FROM events WHERE seq >= ? AND seq < ? ORDER BY seq`);
  page.raw(true);
  return (from, to) => page.all(from, to) as RawEvent[];
}
