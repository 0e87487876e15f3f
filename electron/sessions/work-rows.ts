import type { RecordedEvent } from '../../shared/events/event.ts';
import type { DataOf, Projection, Row, RowChange } from '../audit/projection.ts';

const table = 'session_work';

/** What command agents did to the repositories they were at work on. */
export const workRows: Projection = {
  name: 'work',
  kinds: [
    'session.requested',
    'repository.cloned',
    'work.collected',
    'work.applied',
    'work.discarded',
    'session.sealed',
    'session.unsealed',
    'session.record_removed',
  ],
  tables: {
    [table]:
      'session TEXT PRIMARY KEY, base TEXT, collected TEXT, kept INTEGER NOT NULL, time TEXT NOT NULL, record TEXT, sealed INTEGER NOT NULL',
  },
  rows(event) {
    const { session } = event.scope;
    return session === undefined ? [] : rowsOf(event, session);
  },
};

function rowsOf(event: RecordedEvent, session: string): RowChange[] {
  const patch = (set: Row): RowChange[] => [{ op: 'patch', table, key: { session }, set }];
  switch (event.kind) {
    case 'session.requested': {
      const { work } = event.data as DataOf<'session.requested'>;
      if (!work) return [];
      const nothing = { base: null, collected: null, kept: 0, record: null, sealed: 0 };
      return [{ op: 'put', table, row: { session, time: event.time, ...nothing } }];
    }
    case 'repository.cloned':
      return patch({ base: (event.data as DataOf<'repository.cloned'>).commit });
    case 'work.collected': {
      const collected = event.data as DataOf<'work.collected'>;
      const kept = collected.files > 0 || collected.commits > 0 ? 1 : 0;
      return patch({ collected: JSON.stringify(collected), kept, time: event.time });
    }
    case 'session.sealed':
      return patch({ record: (event.data as DataOf<'session.sealed'>).folder, sealed: 1 });
    case 'session.unsealed':
      return patch({ record: (event.data as DataOf<'session.unsealed'>).folder });
    case 'session.record_removed':
      return patch({ record: null, sealed: 0 });
    case 'work.applied':
    case 'work.discarded':
      return patch({ kept: 0 });
    default:
      return [];
  }
}

export const workOf = `SELECT base, collected, kept, record, sealed FROM ${table} WHERE session = ?`;
/** Of those whose folder may still be there: whether it should be. */
export const workKept = `SELECT kept FROM ${table} WHERE session = ?`;
export const anyKeptWork = `SELECT 1 AS kept FROM ${table} WHERE kept = 1 LIMIT 1`;
/** What has waited longer than it is kept. */
export const workKeptBefore = `SELECT session FROM ${table} WHERE kept = 1 AND time < ? ORDER BY session LIMIT ?`;
