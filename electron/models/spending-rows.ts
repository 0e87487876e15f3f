import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Cell, DataOf, Projection, RowChange } from '../audit/projection.ts';

const table = 'spending';
const bySession = 'session_spending';
const byRun = 'run_spending';
const byOtherAgent = 'agent_spending';

/**
 * What each call of a model cost, or may have cost: a request counts as what was set aside for it until its end is
 * told. The unique columns are there for their indexes: sums are read from them alone.
 */
export const spendingRows: Projection = {
  name: 'spending',
  kinds: ['model.requested', 'model.called', 'model.failed'],
  tables: {
    [table]:
      'request TEXT PRIMARY KEY, agent TEXT NOT NULL, at INTEGER NOT NULL, model TEXT NOT NULL, tokens INTEGER NOT NULL, micros INTEGER, state TEXT NOT NULL, UNIQUE (agent, at, request, tokens, micros), UNIQUE (at, request, tokens, micros)',
    [bySession]:
      'session TEXT NOT NULL, request TEXT NOT NULL, tokens INTEGER NOT NULL, micros INTEGER, PRIMARY KEY (session, request), UNIQUE (request, session)',
    [byRun]:
      'run TEXT NOT NULL, request TEXT NOT NULL, tokens INTEGER NOT NULL, micros INTEGER, PRIMARY KEY (run, request), UNIQUE (request, run)',
    // Beside the agent that asked: those that it was started by.
    [byOtherAgent]:
      'agent TEXT NOT NULL, at INTEGER NOT NULL, request TEXT NOT NULL, tokens INTEGER NOT NULL, micros INTEGER, PRIMARY KEY (agent, at, request), UNIQUE (request, agent)',
  },
  rows(event) {
    if (event.kind === 'model.requested') {
      const { model, reserved, charged = [], agents = [] } = event.data as DataOf<'model.requested'>;
      return begun(event, model, { ...reserved, state: 'reserved' }, { charged, agents });
    }
    if (event.kind === 'model.called') {
      const { model, inputTokens, outputTokens, cost = null } = event.data as DataOf<'model.called'>;
      return ended(event, model, { tokens: inputTokens + outputTokens, micros: cost, state: 'called' });
    }
    const { model, settled } = event.data as DataOf<'model.failed'>;
    return settled ? ended(event, model, { ...settled, state: 'failed' }) : [];
  },
};

interface Amount {
  readonly tokens: number;
  readonly micros: Cell;
  readonly state: string;
}

interface Others {
  readonly charged: readonly string[];
  readonly agents: readonly string[];
}

const nobody: Others = { charged: [], agents: [] };

function begun(
  event: RecordedEvent,
  model: string,
  amount: Amount,
  { charged, agents }: Others,
): RowChange[] {
  const { agent = '', session, run } = event.scope;
  const request = event.id;
  const sessions = new Set([...(session === undefined ? [] : [session]), ...charged]);
  const { tokens, micros } = amount;
  const at = Date.parse(event.time);
  const others = [...new Set(agents)].filter((each) => each !== agent);
  return [
    { op: 'put', table, row: { request, agent, at, model, ...amount } },
    ...[...sessions].map((each): RowChange => ({
      op: 'put',
      table: bySession,
      row: { session: each, request, tokens, micros },
    })),
    ...(run === undefined
      ? []
      : [{ op: 'put', table: byRun, row: { run, request, tokens, micros } } as const]),
    ...others.map((each): RowChange => ({
      op: 'put',
      table: byOtherAgent,
      row: { agent: each, at, request, tokens, micros },
    })),
  ];
}

/** An end names the request that it ends; one that names none stands for itself. */
function ended(event: RecordedEvent, model: string, amount: Amount): RowChange[] {
  if (event.parent === undefined) return amount.tokens > 0 ? begun(event, model, amount, nobody) : [];
  const key = { request: event.parent };
  const { tokens, micros } = amount;
  return [
    { op: 'patch', table, key, set: { ...amount } },
    { op: 'patch', table: bySession, key, set: { tokens, micros } },
    { op: 'patch', table: byRun, key, set: { tokens, micros } },
    { op: 'patch', table: byOtherAgent, key, set: { tokens, micros } },
  ];
}
