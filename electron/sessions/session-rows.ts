import { z } from 'zod';
import { actionKinds } from '../../shared/events/action-kinds.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { sessionKinds } from '../../shared/events/session-kinds.ts';
import { idSchema } from '../../shared/ids.ts';
import { outcomeSchema, reviewStateSchema, sandboxLayerSchema, type Session } from '../../shared/session.ts';
import type { Cell, Projection, RowChange } from '../audit/projection.ts';

const table = 'sessions';
const rightsTable = 'session_rights';
const states = ['preparing', 'running', 'reviewing', 'ended'] as const;

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
      const data = sessionKinds['session.requested'].data.safeParse(event.data);
      if (!data.success) return [];
      const requested = JSON.stringify(data.data);
      const row = { id, state: 'preparing', sandbox: data.data.sandbox, requested, started: event.time };
      const open = { layers: '[]', ended: null, outcome: null, review: 'none' };
      return [{ op: 'put', table, row: { ...row, ...open } }];
    }
    case 'session.started': {
      const data = sessionKinds['session.started'].data.safeParse(event.data);
      return data.success ? patch({ state: 'running', layers: JSON.stringify(data.data.layers) }) : [];
    }
    case 'session.ended': {
      const data = sessionKinds['session.ended'].data.safeParse(event.data);
      if (!data.success) return [];
      const { outcome, review } = data.data;
      const state = review === 'waiting' ? 'reviewing' : 'ended';
      return patch({ state, ended: event.time, outcome: JSON.stringify(outcome), review });
    }
    case 'changes.applied': {
      const data = sessionKinds['changes.applied'].data.safeParse(event.data);
      if (!data.success) return [];
      return patch({ state: data.data.left > 0 ? 'reviewing' : 'ended', review: data.data.review });
    }
    case 'changes.discarded': {
      const data = sessionKinds['changes.discarded'].data.safeParse(event.data);
      return data.success ? patch({ state: 'ended', review: data.data.review }) : [];
    }
    case 'capability.granted': {
      const data = actionKinds['capability.granted'].data.safeParse(event.data);
      if (!data.success) return [];
      const { token, capability } = data.data;
      return [{ op: 'put', table: rightsTable, row: { token, session: id, capability } }];
    }
    default:
      return [];
  }
}

export const newestSessions = `SELECT * FROM ${table} ORDER BY id DESC LIMIT ?`;
export const unfinishedSessions = `SELECT * FROM ${table} WHERE state IN ('preparing', 'running') ORDER BY id`;
export const openSessions = `SELECT * FROM ${table} WHERE state <> 'ended' ORDER BY id`;
/** From a beginning to the same with a `~`, which no id has. Two rows are enough to know that a beginning is not unique. */
export const sessionsFrom = `SELECT * FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`;
export const sessionsIn = `SELECT count(*) AS number FROM ${table} WHERE sandbox = ?`;
export const rightsOf = `SELECT capability FROM ${rightsTable} WHERE session = ? ORDER BY token`;

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

const rowSchema = z.object({
  id: idSchema('session'),
  state: z.enum(states),
  requested: json(sessionKinds['session.requested'].data),
  layers: json(z.array(sandboxLayerSchema)),
  started: z.string(),
  ended: z.string().nullable(),
  outcome: json(outcomeSchema).nullable(),
  review: reviewStateSchema,
});

/** A row as values; throws where another version wrote what this one does not understand. */
export function readSessionRow(cells: Readonly<Record<string, Cell>>, rights: readonly string[]): Session {
  const { requested, ...row } = rowSchema.parse(cells);
  const { argv, sandbox, image, folders, hosts, terminal, limits } = requested;
  const wanted = { argv, sandbox, image, folders, hosts, terminal, limits };
  return { ...row, ...wanted, rights: [...rights], viewers: 0, progress: null };
}
