import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Cell, DataOf, Projection, RowChange } from '../audit/projection.ts';

const table = 'sessions';
const rightsTable = 'session_rights';

/** Every session there was, with what it was given and what became of it. */
export const sessionRows: Projection = {
  name: 'sessions',
  kinds: [
    'session.requested',
    'session.started',
    'session.ended',
    'changes.applied',
    'changes.discarded',
    'capability.granted',
  ],
  tables: {
    [table]:
      'id TEXT PRIMARY KEY, state TEXT NOT NULL, sandbox TEXT NOT NULL, requested TEXT NOT NULL, layers TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, outcome TEXT, review TEXT NOT NULL',
    [rightsTable]: 'token TEXT PRIMARY KEY, session TEXT NOT NULL, capability TEXT NOT NULL',
  },
  rows(event) {
    const id = event.scope.session;
    return id === undefined ? [] : rowsOf(event, id);
  },
};

function rowsOf(event: RecordedEvent, id: string): RowChange[] {
  const patch = (set: Record<string, Cell>): RowChange[] => [{ op: 'patch', table, key: { id }, set }];
  switch (event.kind) {
    case 'session.requested': {
      const data = event.data as DataOf<'session.requested'>;
      const requested = JSON.stringify(data);
      const row = { id, state: 'preparing', sandbox: data.sandbox, requested, started: event.time };
      const open = { layers: '[]', ended: null, outcome: null, review: 'none' };
      return [{ op: 'put', table, row: { ...row, ...open } }];
    }
    case 'session.started': {
      const { layers } = event.data as DataOf<'session.started'>;
      return patch({ state: 'running', layers: JSON.stringify(layers) });
    }
    case 'session.ended': {
      const { outcome, review } = event.data as DataOf<'session.ended'>;
      const state = review === 'waiting' ? 'reviewing' : 'ended';
      return patch({ state, ended: event.time, outcome: JSON.stringify(outcome), review });
    }
    case 'changes.applied': {
      const { left, review } = event.data as DataOf<'changes.applied'>;
      return patch({ state: left > 0 ? 'reviewing' : 'ended', review });
    }
    case 'changes.discarded': {
      const { review } = event.data as DataOf<'changes.discarded'>;
      return patch({ state: 'ended', review });
    }
    case 'capability.granted': {
      const { token, agent, capability } = event.data as DataOf<'capability.granted'>;
      // What Holdfast itself does for a session, such as cloning, is by no right of its.
      if (agent !== id) return [];
      return [{ op: 'put', table: rightsTable, row: { token, session: id, capability } }];
    }
    default:
      return [];
  }
}

export const newestSessions = `SELECT * FROM ${table} ORDER BY id DESC LIMIT ?`;
export const unfinishedSessions = `SELECT * FROM ${table} WHERE state IN ('preparing', 'running') ORDER BY id`;
export const imagesOfUnfinished = `SELECT id, json_extract(requested, '$.image') AS image FROM ${table} WHERE state IN ('preparing', 'running') ORDER BY id`;
export const openSessions = `SELECT * FROM ${table} WHERE state <> 'ended' ORDER BY id`;
/** From a beginning to the same with a `~`, which no id has. Two rows are enough to know that a beginning is not unique. */
export const sessionsFrom = `SELECT * FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`;
export const sessionsIn = `SELECT count(*) AS number FROM ${table} WHERE sandbox = ?`;
export const rightsOf = `SELECT capability FROM ${rightsTable} WHERE session = ? ORDER BY token`;
