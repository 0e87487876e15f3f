import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Cell, DataOf, Projection, RowChange } from '../audit/projection.ts';

const runs = 'runs';
const parts = 'run_parts';
const breaks = 'run_breaks';
const usage = 'run_usage';

/** Runs and their parts. What was asked for, plans and answers are attached to the events that rows name. */
export const runRows: Projection = {
  name: 'runs',
  kinds: [
    'run.requested',
    'run.started',
    'run.interrupted',
    'run.paused',
    'run.resumed',
    'run.cancelled',
    'run.finished',
    'run.budget_raised',
    'run.pinned',
    'run.folder_removed',
    'changes.applied',
    'changes.discarded',
    'plan.asked',
    'plan.answered',
    'plan.produced',
    'plan.replanned',
    'orchestration.selected',
    'subtask.started',
    'subtask.finished',
    'subtask.expired',
    'session.opened',
    'model.called',
  ],
  needingRuns: `SELECT id FROM ${runs} WHERE phase <> 'finished' OR reviewing = 1`,
  tables: {
    [runs]:
      'id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, approve TEXT NOT NULL, requested INTEGER NOT NULL, priority INTEGER NOT NULL, ceiling TEXT NOT NULL, folder TEXT NOT NULL, fork_of TEXT, made_by TEXT NOT NULL, created TEXT NOT NULL, started TEXT, ended TEXT, changed TEXT NOT NULL, phase TEXT NOT NULL, paused INTEGER NOT NULL, mode TEXT, cancelled TEXT, plan INTEGER, rounds INTEGER NOT NULL, total INTEGER NOT NULL, asked INTEGER, answered INTEGER, replanned INTEGER, finished INTEGER, outcome TEXT, outputs TEXT NOT NULL, pinned INTEGER NOT NULL, removed INTEGER NOT NULL, review TEXT NOT NULL, reviewing INTEGER NOT NULL, UNIQUE (phase, id), UNIQUE (reviewing, id)',
    [parts]:
      'run TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, live INTEGER NOT NULL, kept INTEGER NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL, tier INTEGER NOT NULL, inputs TEXT, session TEXT, model TEXT, started TEXT, ended TEXT, outcome TEXT, outputs TEXT, signals TEXT, finished INTEGER, PRIMARY KEY (run, id), UNIQUE (run, name, id), UNIQUE (run, live, state, id)',
    [breaks]: 'run TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (run, seq)',
    [usage]:
      'run TEXT NOT NULL, part TEXT NOT NULL, seq INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, cost INTEGER, PRIMARY KEY (run, part, seq)',
  },
  rows(event) {
    const { run, subtask } = event.scope;
    if (run === undefined) return [];
    return subtask === undefined ? runChanges(event, run) : partChanges(event, run, subtask);
  },
};

function runChanges(event: RecordedEvent, id: string): RowChange[] {
  const { seq, time } = event;
  const patch = (set: Record<string, Cell>): RowChange => ({
    op: 'patch',
    table: runs,
    key: { id },
    set: { ...set, changed: time },
  });
  switch (event.kind) {
    case 'run.requested':
      return [{ op: 'put', table: runs, row: requested(event, id) }];
    case 'run.started':
      return [patch({ started: time, phase: 'planning' })];
    case 'run.interrupted':
      return [patch({}), { op: 'put', table: breaks, row: { run: id, seq } }];
    case 'run.paused':
      return [patch({ paused: 1 })];
    case 'run.resumed':
      return [patch({ paused: 0 })];
    case 'run.cancelled':
      return [patch({ cancelled: (event.data as DataOf<'run.cancelled'>).reason })];
    case 'run.finished': {
      const { outcome, outputs, review = 'none' } = event.data as DataOf<'run.finished'>;
      const left = { review, reviewing: review === 'waiting' ? 1 : 0 };
      const end = { outcome: JSON.stringify(outcome), outputs: JSON.stringify(outputs), ...left };
      return [patch({ ...end, phase: 'finished', paused: 0, ended: time, finished: seq })];
    }
    case 'changes.applied': {
      const { left, review } = event.data as DataOf<'changes.applied'>;
      return [patch({ review, reviewing: left > 0 ? 1 : 0 })];
    }
    case 'changes.discarded':
      return [patch({ review: (event.data as DataOf<'changes.discarded'>).review, reviewing: 0 })];
    case 'run.budget_raised': {
      const { ceiling, again = [] } = event.data as DataOf<'run.budget_raised'>;
      const revived = again.map((name): RowChange => ({
        op: 'patch',
        table: parts,
        key: { run: id, name, live: 1, state: 'failed' },
        set: { state: 'ready' },
      }));
      return [patch({ ceiling: JSON.stringify(ceiling) }), ...revived];
    }
    case 'run.pinned':
      return [patch({ pinned: (event.data as DataOf<'run.pinned'>).pinned ? 1 : 0 })];
    case 'run.folder_removed':
      return [patch({ removed: 1 })];
    case 'orchestration.selected':
      return [patch({ mode: (event.data as DataOf<'orchestration.selected'>).mode })];
    case 'plan.asked':
      return [patch({ phase: 'asking', asked: seq, answered: null })];
    case 'plan.answered': {
      const { answer, widened } = event.data as DataOf<'plan.answered'>;
      return [
        patch({
          phase: 'planning',
          answered: seq,
          // What was refused is no plan any more, whoever goes on with the run.
          ...(answer === 'refuse' ? { asked: null } : {}),
          ...(widened ? { ceiling: JSON.stringify(widened) } : {}),
        }),
      ];
    }
    case 'plan.replanned':
      return [patch({ phase: 'planning', asked: null, answered: null, replanned: seq })];
    case 'plan.produced':
      return produced(event, id, patch);
    default:
      return [];
  }
}

function requested(event: RecordedEvent, id: string) {
  const {
    title,
    kind,
    priority,
    approvePlan = 'beyond',
    ceiling,
    folder,
    forkOf,
  } = event.data as DataOf<'run.requested'>;
  return {
    id,
    title,
    kind,
    approve: approvePlan,
    requested: event.seq,
    priority,
    ceiling: JSON.stringify(ceiling),
    folder,
    fork_of: forkOf ? JSON.stringify(forkOf) : null,
    made_by: JSON.stringify(event.actor),
    created: event.time,
    started: null,
    ended: null,
    changed: event.time,
    phase: 'queued',
    paused: 0,
    mode: null,
    cancelled: null,
    plan: null,
    rounds: 0,
    total: 0,
    asked: null,
    answered: null,
    replanned: null,
    finished: null,
    outcome: null,
    outputs: '[]',
    pinned: 0,
    removed: 0,
    review: 'none',
    reviewing: 0,
  };
}

/** Parts whose results stay live on; the others were of the plan before. */
function produced(
  event: RecordedEvent,
  run: string,
  patch: (set: Record<string, Cell>) => RowChange,
): RowChange[] {
  const { subtasks, replans, kept = [] } = event.data as DataOf<'plan.produced'>;
  const change = patch({
    phase: 'running',
    plan: event.seq,
    rounds: replans + 1,
    total: subtasks,
    asked: null,
    answered: null,
  });
  if (replans === 0) return [change];
  const lives = (key: Record<string, Cell>, set: Record<string, Cell>): RowChange => ({
    op: 'patch',
    table: parts,
    key: { run, ...key },
    set,
  });
  return [
    change,
    ...kept.map((name) => lives({ name, live: 1 }, { live: 2 })),
    lives({ live: 1 }, { live: 0 }),
    lives({ live: 2 }, { live: 1, kept: 1 }),
  ];
}

const unused = { session: null, model: null, started: null, ended: null, outcome: null, outputs: null };

function partChanges(event: RecordedEvent, run: string, id: string): RowChange[] {
  const { seq, time } = event;
  const patch = (set: Record<string, Cell>): RowChange => ({
    op: 'patch',
    table: parts,
    key: { run, id },
    set,
  });
  const row = { run, id, live: 1, kept: 0, attempt: 0, tier: 0, inputs: null, signals: null, finished: null };
  switch (event.kind) {
    case 'subtask.started': {
      const { name, attempt = 1, tier = 0, inputs = null } = event.data as DataOf<'subtask.started'>;
      const begun = { ...row, ...unused, name, state: 'running', attempt, tier, inputs, started: time };
      return [{ op: 'put', table: parts, row: begun }];
    }
    case 'subtask.finished': {
      const data = event.data as DataOf<'subtask.finished'>;
      const { name, ok, outcome, outputs = [], again, kept } = data;
      const cancelled = outcome?.label === 'cancelled';
      const failed = cancelled ? 'cancelled' : 'failed';
      const state = ok ? 'done' : again === undefined ? failed : 'ready';
      const end = {
        state,
        ended: time,
        outcome: outcome ? JSON.stringify(outcome) : null,
        outputs: JSON.stringify(outputs),
        signals: JSON.stringify(data.signals ?? []),
        finished: seq,
      };
      if (kept === undefined) return [patch(end)];
      return [{ op: 'put', table: parts, row: { ...row, ...unused, name, ...end, kept: 1 } }];
    }
    case 'subtask.expired': {
      const { name, reason } = event.data as DataOf<'subtask.expired'>;
      // The end of one that had begun is told by itself.
      if (reason === 'wall_clock_exceeded') return [];
      const state = reason === 'hops_exhausted' ? 'failed' : 'skipped';
      const outcome = JSON.stringify(expiredOutcome(reason));
      return [{ op: 'put', table: parts, row: { ...row, ...unused, name, state, outcome, ended: time } }];
    }
    case 'session.opened':
      return (event.data as DataOf<'session.opened'>).parent === null
        ? [patch({ session: event.scope.session ?? null })]
        : [];
    case 'model.called':
      return called(event, run, id, patch);
    default:
      return [];
  }
}

export function expiredOutcome(reason: DataOf<'subtask.expired'>['reason']) {
  const words = {
    hops_exhausted: 'It lies more steps from the beginning than its limit allows.',
    wall_clock_exceeded: 'It took longer than it may.',
    dependency_expired: 'Something it depends on ran out.',
  };
  return { label: 'timed_out' as const, reason: words[reason] };
}

function called(
  event: RecordedEvent,
  run: string,
  part: string,
  patch: (set: Record<string, Cell>) => RowChange,
): RowChange[] {
  const data = event.data as DataOf<'model.called'>;
  const row = {
    run,
    part,
    seq: event.seq,
    input: data.inputTokens,
    output: data.outputTokens,
    cache_read: data.cacheReadTokens ?? 0,
    cache_write: data.cacheWriteTokens ?? 0,
    cost: data.cost ?? null,
  };
  return [...(data.aside ? [] : [patch({ model: data.model })]), { op: 'put', table: usage, row }];
}

export const runBy = `SELECT r.*, (SELECT count(*) FROM ${breaks} b WHERE b.run = r.id) AS interrupted FROM ${runs} r WHERE r.id = ?`;
/** That something of waits or is at work. */
export const openRuns = `SELECT id FROM ${runs} WHERE phase IN ('queued', 'planning', 'asking', 'running') OR reviewing = 1 ORDER BY id`;
export const anyRun = `SELECT id FROM ${runs} LIMIT 1`;
export const anyUnfinishedRun = `SELECT id FROM ${runs} WHERE phase IN ('queued', 'planning', 'asking', 'running') LIMIT 1`;
/** From a beginning to the same with a `~`, which no id has. */
export const runsFrom = `SELECT id FROM ${runs} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`;
export const partsOfRun = `SELECT * FROM ${parts} WHERE run = ? AND live = 1`;
/** How those of a JSON list of ids stand; no more of each, as there may be many. */
export const partsAmong = `SELECT id, kept, state, attempt, tier, session, model, started, ended, outcome, outputs FROM ${parts} WHERE run = ? AND id IN (SELECT value FROM json_each(?))`;
export const partOfRun = `SELECT * FROM ${parts} WHERE run = ? AND id = ?`;
export const queuedRuns = `SELECT id, priority FROM ${runs} WHERE phase = 'queued' ORDER BY id`;
export const begunRuns = `SELECT id FROM ${runs} WHERE phase IN ('planning', 'asking', 'running') ORDER BY id`;
/** Those whose folder may go, from one on; ended before some time. */
export const removableRuns = `SELECT id FROM ${runs} WHERE phase = 'finished' AND removed = 0 AND pinned = 0 AND reviewing = 0 AND ended < ? AND id >= ? ORDER BY id LIMIT ?`;
export const runsBefore = `SELECT id FROM ${runs} WHERE id < ? ORDER BY id DESC LIMIT ?`;
export const partStates = `SELECT state, count(*) AS number FROM ${parts} WHERE run = ? AND live = 1 GROUP BY state`;
export const usageOfRun = `SELECT sum(input) AS input, sum(output) AS output, sum(cache_read) AS cache_read, sum(cache_write) AS cache_write, sum(cost) AS cost, count(*) - count(cost) AS unpriced FROM ${usage} WHERE run = ?`;
export const usageAmong = `SELECT part, sum(input) AS input, sum(output) AS output, sum(cache_read) AS cache_read, sum(cache_write) AS cache_write, sum(cost) AS cost, count(*) - count(cost) AS unpriced FROM ${usage} WHERE run = ? AND part IN (SELECT value FROM json_each(?)) GROUP BY part`;
