import type { RecordedEvent } from '../../shared/events/event.ts';
import type { DataOf, Projection, Row, RowChange } from '../audit/projection.ts';

const table = 'jobs';
const ends = { 'job.finished': '', 'job.cancelled': 'cancelled', 'job.lost': 'lost' } as const;

/**
 * Jobs of sessions. `output` is the event that carries what it said. What is open when a session goes on in another
 * life is lost with the life before: the event that tells the model so is the one that says it here.
 */
export const jobRows: Projection = {
  name: 'jobs',
  kinds: ['job.submitted', 'job.started', 'job.finished', 'job.cancelled', 'job.lost', 'session.resumed'],
  tables: {
    [table]:
      'id TEXT PRIMARY KEY, seq INTEGER NOT NULL, session TEXT NOT NULL, agent TEXT NOT NULL, call TEXT NOT NULL, line TEXT NOT NULL, labels TEXT NOT NULL, state TEXT NOT NULL, code INTEGER, error TEXT, output INTEGER, submitted TEXT NOT NULL, started TEXT, finished TEXT, UNIQUE (session, seq), UNIQUE (seq), UNIQUE (call, id)',
  },
  rows(event) {
    if (event.kind === 'session.resumed') return lostWithTheirLife(event);
    const { job } = event.data as DataOf<'job.started'>;
    if (event.kind === 'job.submitted') return [{ op: 'put', table, row: submitted(event) }];
    if (event.kind === 'job.started') {
      return [{ op: 'patch', table, key: { id: job }, set: { state: 'running', started: event.time } }];
    }
    return [{ op: 'patch', table, key: { id: job }, set: ended(event) }];
  },
};

function lostWithTheirLife({ scope: { session }, time }: RecordedEvent): RowChange[] {
  if (session === undefined) return [];
  const set = { state: 'lost', error: 'Holdfast was stopped while it ran', finished: time };
  return ['pending', 'running'].map((state) => ({ op: 'patch', table, key: { session, state }, set }));
}

function submitted({ data, scope, seq, time }: RecordedEvent): Row {
  const { job, call, line, labels } = data as DataOf<'job.submitted'>;
  const { session = '', agent = '' } = scope;
  const open = { state: 'pending', code: null, error: null, output: null, started: null, finished: null };
  return {
    id: job,
    seq,
    session,
    agent,
    call,
    line,
    labels: JSON.stringify(labels),
    submitted: time,
    ...open,
  };
}

function ended({ kind, data, seq, time }: RecordedEvent): Row {
  const over = { finished: time, output: seq };
  if (kind === 'job.finished') {
    const { state, code, ended: words } = data as DataOf<'job.finished'>;
    return { ...over, state, code, error: state === 'done' ? null : words };
  }
  const { reason } = data as DataOf<'job.lost'>;
  return { ...over, state: ends[kind as 'job.lost'], error: reason };
}
