import type { RecordedEvent } from '../../shared/events/event.ts';
import type { DataOf, Projection, RowChange } from '../audit/projection.ts';
import { entryKind } from './agents/journal/entry-kinds.ts';

const table = 'agent_sessions';
const inbox = 'agent_session_inbox';
const entries = 'agent_session_entries';
const calls = 'agent_session_calls';
const usage = 'agent_session_usage';
const turns = 'agent_session_turns';
const parts = 'agent_session_parts';

/** Sessions with agents, and what is needed to find what was said and done in them. */
export const agentSessionRows: Projection = {
  name: 'agent_sessions',
  kinds: [
    'session.opened',
    'session.changed',
    'session.turned',
    'session.resumed',
    'sandbox.ended',
    'session.ended',
    'changes.applied',
    'changes.discarded',
    'message.received',
    'turn.started',
    'turn.finished',
    'model.called',
    'model.fell_back',
    'model.failed',
    'tool.invoked',
    'tool.finished',
    'tool.doubted',
    'tool.settled',
    'tool.repeat_stopped',
    'subtask.finished',
    'context.summarized',
    'context.summary_failed',
  ],
  needing: `SELECT id FROM ${table} WHERE activity <> 'ended'`,
  tables: {
    [table]:
      'id TEXT PRIMARY KEY, opened TEXT NOT NULL, title TEXT NOT NULL, agent TEXT NOT NULL, sandbox TEXT NOT NULL, parent TEXT, run TEXT, parent_call TEXT, parent_place INTEGER, approvals TEXT NOT NULL, model TEXT, budget TEXT, answered TEXT, turn INTEGER, activity TEXT NOT NULL, detail TEXT, started TEXT NOT NULL, changed TEXT NOT NULL, ended TEXT, outcome TEXT, review TEXT NOT NULL',
    [inbox]: 'session TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (session, seq)',
    [entries]: 'session TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (session, seq)',
    [calls]:
      'call TEXT PRIMARY KEY, session TEXT NOT NULL, answered INTEGER NOT NULL, invoked INTEGER, finished INTEGER, doubted INTEGER',
    [usage]:
      'session TEXT NOT NULL, seq INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, cost INTEGER, PRIMARY KEY (session, seq)',
    // `taken`: what became of it is told of its subtask.
    [parts]:
      'subtask TEXT NOT NULL, session TEXT NOT NULL, run TEXT NOT NULL, taken INTEGER NOT NULL, PRIMARY KEY (subtask, session), UNIQUE (run, session)',
    [turns]: 'session TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (session, seq)',
  },
  rows(event) {
    const { session: id, subtask } = event.scope;
    if (event.kind === 'subtask.finished')
      return subtask === undefined
        ? []
        : [{ op: 'patch', table: parts, key: { subtask }, set: { taken: 1 } }];
    return id === undefined ? [] : [...rowsOf(event, id), ...entryOf(event, id)];
  },
};

function entryOf(event: RecordedEvent, session: string): RowChange[] {
  const kind = entryKind(event);
  return kind === null ? [] : [{ op: 'put', table: entries, row: { session, seq: event.seq, kind } }];
}

function rowsOf(event: RecordedEvent, id: string): RowChange[] {
  const { seq, time } = event;
  const patch = (set: Record<string, string | number | null>): RowChange => ({
    op: 'patch',
    table,
    key: { id },
    set: { ...set, changed: time },
  });
  switch (event.kind) {
    case 'session.opened': {
      const data = event.data as DataOf<'session.opened'>;
      const { title, agent, sandbox, parent, parentCall, approvals, model } = data;
      const said = {
        title,
        agent,
        sandbox,
        parent,
        run: event.scope.run ?? null,
        parent_call: parentCall,
        parent_place: data.parentPlace ?? null,
        approvals,
        model,
      };
      const budget = JSON.stringify(data.budget);
      const open = {
        activity: 'idle',
        detail: null,
        answered: null,
        turn: null,
        ended: null,
        outcome: null,
        review: 'none',
      };
      const row = {
        id,
        opened: JSON.stringify(data),
        ...said,
        budget,
        ...open,
        started: time,
        changed: time,
      };
      const { run, subtask } = event.scope;
      const part: RowChange[] =
        run && subtask ? [{ op: 'put', table: parts, row: { subtask, session: id, run, taken: 0 } }] : [];
      return [{ op: 'put', table, row }, ...part];
    }
    case 'session.changed': {
      const { budget, ...data } = event.data as DataOf<'session.changed'>;
      const set = data as Record<string, string>;
      return [patch(budget === undefined ? set : { ...set, budget: JSON.stringify(budget) })];
    }
    case 'session.turned': {
      const { activity, reason } = event.data as DataOf<'session.turned'>;
      return [patch({ activity, detail: reason })];
    }
    case 'session.ended': {
      const { outcome, review } = event.data as DataOf<'session.ended'>;
      const set = { activity: 'ended', detail: null, ended: time, outcome: JSON.stringify(outcome), review };
      return [patch(set)];
    }
    case 'changes.applied':
    case 'changes.discarded':
      return [patch({ review: (event.data as DataOf<'changes.applied'>).review })];
    case 'message.received': {
      const { method } = event.data as DataOf<'message.received'>;
      const change = patch({});
      return method === 'inbox' ? [change, { op: 'put', table: inbox, row: { session: id, seq } }] : [change];
    }
    case 'turn.started': {
      const { taken = [] } = event.data as DataOf<'turn.started'>;
      const gone = taken.map((message): RowChange => ({
        op: 'drop',
        table: inbox,
        key: { session: id, seq: message },
      }));
      return [patch({ activity: 'working', detail: null, turn: seq }), ...gone];
    }
    case 'turn.finished':
      return [
        patch({ activity: 'idle', detail: null, turn: null }),
        { op: 'put', table: turns, row: { session: id, seq } },
      ];
    case 'model.called':
      return calledRows(event, id, patch);
    case 'tool.invoked':
    case 'tool.finished':
    case 'tool.doubted':
    case 'tool.settled':
      return toolRows(event, patch);
    default:
      return [];
  }
}

function toolRows(
  event: RecordedEvent,
  patch: (set: Record<string, string | null>) => RowChange,
): RowChange[] {
  const { call } = event.data as DataOf<'tool.invoked'>;
  // Commands of people are told by the same kinds, without a call.
  if (call === undefined) return [];
  const { seq } = event;
  const set = (columns: Record<string, number | null>): RowChange => ({
    op: 'patch',
    table: calls,
    key: { call },
    set: columns,
  });
  switch (event.kind) {
    case 'tool.invoked':
      return [set({ invoked: seq, doubted: null })];
    case 'tool.finished':
      return [set({ finished: seq })];
    case 'tool.doubted':
      return [patch({ activity: 'unsure' }), set({ doubted: seq })];
    default:
      return [patch({ activity: 'working', detail: null }), set({ doubted: null })];
  }
}

function calledRows(
  event: RecordedEvent,
  session: string,
  patch: (set: Record<string, string>) => RowChange,
): RowChange[] {
  const { seq } = event;
  const data = event.data as DataOf<'model.called'>;
  const used = {
    input: data.inputTokens,
    output: data.outputTokens,
    cache_read: data.cacheReadTokens ?? 0,
    cache_write: data.cacheWriteTokens ?? 0,
    cost: data.cost ?? null,
  };
  const made = (data.calls ?? []).map((call): RowChange => ({
    op: 'put',
    table: calls,
    row: { call, session, answered: seq, invoked: null, finished: null, doubted: null },
  }));
  return [
    patch(data.aside ? {} : { answered: data.model }),
    { op: 'put', table: usage, row: { session, seq, ...used } },
    ...made,
  ];
}

/** One whole, by its id. */
export const agentSessionBy = `WITH wanted (wanted) AS (SELECT ?) SELECT s.*,
  (SELECT count(*) FROM ${inbox} i WHERE i.session = s.id) AS queued,
  (SELECT count(*) FROM ${turns} t WHERE t.session = s.id) AS turns,
  u.input, u.output, u.cache_read, u.cache_write, u.cost, u.unpriced
  FROM ${table} s JOIN wanted ON s.id = wanted, (SELECT sum(input) AS input, sum(output) AS output,
    sum(cache_read) AS cache_read, sum(cache_write) AS cache_write, sum(cost) AS cost,
    count(*) - count(cost) AS unpriced FROM ${usage} WHERE session = (SELECT wanted FROM wanted)) u`;
export const newestAgentSessions = `SELECT id FROM ${table} ORDER BY id DESC LIMIT ?`;
export const newestOfAgent = `SELECT id FROM ${table} WHERE agent = ? ORDER BY id DESC LIMIT ?`;
export const openAgentSessions = `SELECT id FROM ${table} WHERE activity <> 'ended' OR review IN ('waiting', 'partly_applied') ORDER BY id`;
/** From a beginning to the same with a `~`, which no id has. */
export const agentSessionsFrom = `SELECT id FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`;
/** What a killed life left at work, or with something to take up. Children are taken up by the call that started them. */
export const agentSessionsToResume = `SELECT id FROM ${table} s WHERE parent IS NULL AND (activity IN ('working', 'waiting', 'unsure')
  OR (activity = 'idle' AND EXISTS (SELECT 1 FROM ${inbox} i WHERE i.session = s.id))) ORDER BY id`;
export const openSessionOfAgent = `SELECT id FROM ${table} WHERE agent = ? AND activity <> 'ended' AND parent IS NULL ORDER BY id DESC LIMIT 1`;
export const openChildren = `SELECT id FROM ${table} WHERE parent = ? AND activity <> 'ended' ORDER BY id`;
export const childrenOfCall = `SELECT id FROM ${table} WHERE parent = ? AND parent_call = ? AND activity <> 'ended' ORDER BY id`;
export const childOfCall = `SELECT id, activity FROM ${table} WHERE parent = ? AND parent_call = ? AND parent_place = ? ORDER BY id DESC LIMIT 1`;
export const entriesBefore = `SELECT seq FROM ${entries} WHERE session = ? AND seq < ? ORDER BY seq DESC LIMIT ?`;
export const lastSummary = `SELECT max(seq) AS seq FROM ${entries} WHERE session = ? AND kind = 'summary'`;
export const openTurn = `SELECT turn FROM ${table} WHERE id = ?`;
export const waitingMessages = `SELECT seq FROM ${inbox} WHERE session = ? ORDER BY seq`;
export const callRow = `SELECT * FROM ${calls} WHERE call = ? AND session = ?`;
export const callsOfAnswer = `SELECT * FROM ${calls} WHERE session = ? AND answered = ?`;
/** The newest session that a part was begun with, children apart, and whether its end was told of the part already. */
export const sessionOfPart = `SELECT p.session, p.taken, s.activity FROM ${parts} p JOIN ${table} s ON s.id = p.session
  WHERE p.subtask = ? AND s.parent IS NULL ORDER BY p.session DESC LIMIT 1`;
export const openSessionsOfRun = `SELECT p.session FROM ${parts} p JOIN ${table} s ON s.id = p.session
  WHERE p.run = ? AND s.activity <> 'ended' AND s.parent IS NULL ORDER BY p.session`;
/** Of a session of a part and all that it started. */
export const usageOfPart = `SELECT sum(u.input) AS input, sum(u.output) AS output, sum(u.cache_read) AS cacheRead,
  sum(u.cache_write) AS cacheWrite, sum(u.cost) AS cost, count(u.seq) - count(u.cost) AS unpriced
  FROM ${parts} p JOIN ${usage} u ON u.session = p.session WHERE p.subtask = ? AND p.session >= ?`;
