import type { RecordedEvent } from '../../shared/events/event.ts';
import type { DataOf, Projection, RowChange } from '../audit/projection.ts';

const objectives = 'objectives';
const pauses = 'objective_pauses';
const times = 'objective_times';

/** Objectives, which of them are paused, and each time that one was due. */
export const objectiveRows: Projection = {
  name: 'objectives',
  kinds: [
    'objective.saved',
    'objective.removed',
    'objective.paused',
    'objective.resumed',
    'objective.due',
    'objective.began',
    'objective.failed',
    'run.requested',
    'run.finished',
    'session.requested',
    'session.ended',
  ],
  tables: {
    [objectives]: 'name TEXT PRIMARY KEY, saved TEXT NOT NULL, made_by TEXT NOT NULL, since TEXT NOT NULL',
    // Objectives that agents’ files declare have no row of their own, and are paused all the same.
    [pauses]:
      'name TEXT PRIMARY KEY, paused INTEGER NOT NULL, cause TEXT, why TEXT, since TEXT NOT NULL, seq INTEGER NOT NULL',
    [times]:
      'seq INTEGER PRIMARY KEY, name TEXT NOT NULL, due TEXT NOT NULL, what TEXT NOT NULL, reason TEXT, thing TEXT, ended TEXT, outcome TEXT, ok INTEGER, UNIQUE (name, seq), UNIQUE (thing, seq)',
  },
  rows: (event) => rowsOf(event),
};

/** Whether there is one at all that a person made. */
export const anyObjective = `SELECT 1 FROM ${objectives} LIMIT 1`;
export const allObjectives = `SELECT * FROM ${objectives} ORDER BY name`;
export const pauseOf = `SELECT paused, cause, why, since, seq FROM ${pauses} WHERE name = ?`;
export const newestTimes = `SELECT * FROM ${times} WHERE name = ? ORDER BY seq DESC LIMIT ?`;
export const openTimes = `SELECT * FROM ${times} WHERE name = ? AND what = 'begins' AND ended IS NULL ORDER BY seq`;
const last = (which: string) =>
  `coalesce((SELECT seq FROM ${times} WHERE name = ? AND ${which} ORDER BY seq DESC LIMIT 1), -1)`;
/** Failures since it last went well: of a name, after an event, of the name again. */
export const failuresInRow = `SELECT count(*) AS failures FROM ${times} WHERE name = ? AND what = 'begins' AND ok = 0 AND seq > ? AND seq > ${last('ok = 1')}`;
/** How often it was left out since it last began, and the time that waits for the end of the one before: the name twice. */
export const leftOutSince = `SELECT count(*) AS count, max(CASE what WHEN 'queued' THEN due END) AS waiting FROM ${times} WHERE name = ? AND seq > ${last("what = 'begins'")}`;
/** Those that nobody heard the beginning of: Holdfast ended in between. */
export const lostTimes = `SELECT seq, name FROM ${times} WHERE what = 'begins' AND thing IS NULL AND ended IS NULL`;
export const timeOfThing = `SELECT name FROM ${times} WHERE thing = ?`;

const mostReason = 500;
const good: ReadonlySet<string> = new Set(['success', 'blocked', 'nothing_ready']);

function rowsOf(event: RecordedEvent): RowChange[] {
  const { seq, time, scope } = event;
  switch (event.kind) {
    case 'objective.saved': {
      const { name, ...saved } = event.data as DataOf<'objective.saved'>;
      const row = { name, saved: JSON.stringify(saved), made_by: JSON.stringify(event.actor), since: time };
      return [{ op: 'put', table: objectives, row }];
    }
    case 'objective.removed': {
      const { name } = event.data as DataOf<'objective.removed'>;
      return [
        { op: 'drop', table: objectives, key: { name } },
        { op: 'drop', table: pauses, key: { name } },
        // Another of that name begins with a clean sheet.
        { op: 'drop', table: times, key: { name } },
      ];
    }
    case 'objective.paused': {
      const { name, why: cause, reason } = event.data as DataOf<'objective.paused'>;
      return [{ op: 'put', table: pauses, row: { name, paused: 1, cause, why: reason, since: time, seq } }];
    }
    case 'objective.resumed': {
      const { name } = event.data as DataOf<'objective.resumed'>;
      return [
        { op: 'put', table: pauses, row: { name, paused: 0, cause: null, why: null, since: time, seq } },
      ];
    }
    case 'objective.due': {
      const { name, due, what, reason } = event.data as DataOf<'objective.due'>;
      const open = { thing: null, ended: null, outcome: null, ok: null };
      return [{ op: 'put', table: times, row: { seq, name, due, what, reason, ...open } }];
    }
    case 'objective.began': {
      const { at, thing } = event.data as DataOf<'objective.began'>;
      return begun(at, thing);
    }
    case 'objective.failed': {
      const { at, reason } = event.data as DataOf<'objective.failed'>;
      return [{ op: 'patch', table: times, key: { seq: at }, set: { ended: time, reason, ok: 0 } }];
    }
    // What it began names it in its own first event: it may end before anybody else could.
    case 'run.requested': {
      const { objective } = event.data as DataOf<'run.requested'>;
      return begun(objective, scope.run);
    }
    case 'session.requested': {
      const { work } = event.data as DataOf<'session.requested'>;
      return begun(work?.objective, scope.session);
    }
    case 'run.finished': {
      const { outcome } = event.data as DataOf<'run.finished'>;
      return scope.run === undefined ? [] : [ended(scope.run, time, outcome)];
    }
    case 'session.ended': {
      const { outcome } = event.data as DataOf<'session.ended'>;
      return scope.session === undefined ? [] : [ended(scope.session, time, outcome)];
    }
    default:
      return [];
  }
}

function begun(at: number | undefined, thing: string | undefined): RowChange[] {
  if (at === undefined || thing === undefined) return [];
  return [{ op: 'patch', table: times, key: { seq: at }, set: { thing } }];
}

function ended(
  thing: string,
  time: string,
  { label, reason }: { label: string; reason: string | null },
): RowChange {
  // What somebody stopped neither went well nor failed.
  const ok = good.has(label) ? 1 : label === 'cancelled' ? null : 0;
  const why = ok === 0 && reason !== null ? { reason: reason.slice(0, mostReason) } : {};
  return { op: 'patch', table: times, key: { thing }, set: { ended: time, outcome: label, ok, ...why } };
}
