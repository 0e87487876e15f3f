import type { RecordedEvent } from '../../shared/events/event.ts';
import type { DataOf, Projection, RowChange } from '../audit/projection.ts';

const table = 'approvals';

/** Every question there was to a person, and what became of it. */
export const approvalRows: Projection = {
  name: 'approvals',
  kinds: [
    'approval.asked',
    'approval.granted',
    'approval.denied',
    'approval.answered',
    'approval.deferred',
    'approval.expired',
    'approval.withdrawn',
  ],
  tables: {
    [table]:
      'id TEXT PRIMARY KEY, seq INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, session TEXT NOT NULL, call TEXT NOT NULL, agent TEXT NOT NULL, asked TEXT NOT NULL, expires TEXT, binding TEXT NOT NULL, shown TEXT NOT NULL, settled TEXT, settled_seq INTEGER, settled_binding TEXT, reply TEXT',
  },
  rows(event) {
    if (event.kind === 'approval.asked') return asked(event);
    const { approval } = event.data as { approval: string };
    const patch = (state: string, how: string, part: Partial<Settling> = {}): RowChange[] => {
      const settled = {
        how,
        by: event.actor,
        time: event.time,
        reason: part.reason ?? null,
        rules: part.rules ?? [],
        edited: part.edited ?? false,
      };
      const set = {
        state,
        settled: JSON.stringify(settled),
        settled_seq: event.seq,
        settled_binding: part.binding ?? null,
        reply: part.reply ?? null,
      };
      return [{ op: 'patch', table, key: { id: approval }, set }];
    };
    switch (event.kind) {
      case 'approval.granted': {
        const { how = 'once', ...data } = event.data as DataOf<'approval.granted'>;
        return patch('granted', how, data);
      }
      case 'approval.denied': {
        const { how = 'deny', ...data } = event.data as DataOf<'approval.denied'>;
        return patch('denied', how, data);
      }
      case 'approval.answered':
        return patch('answered', 'reply', { reply: (event.data as DataOf<'approval.answered'>).text });
      case 'approval.expired':
        return patch('expired', 'expiry');
      case 'approval.withdrawn':
        return patch('withdrawn', 'withdrawn', event.data as DataOf<'approval.withdrawn'>);
      default:
        return [{ op: 'patch', table, key: { id: approval, state: 'pending' }, set: { state: 'deferred' } }];
    }
  },
};

interface Settling {
  reason: string;
  rules: readonly string[] | undefined;
  edited: boolean | undefined;
  binding: string | undefined;
  reply: string;
}

function asked(event: RecordedEvent): RowChange[] {
  const { approval, description, ...data } = event.data as DataOf<'approval.asked'>;
  const { session } = event.scope;
  // Written before calls and sessions were named: nothing waits for it any more.
  if (session === undefined || data.call === undefined || data.binding === undefined) return [];
  const shown = {
    tool: data.tool ?? '',
    title: data.title ?? '',
    line: description,
    whole: data.whole ?? false,
    where: data.where ?? '',
    folder: data.folder ?? null,
    why: data.why ?? '',
  };
  const row = {
    id: approval,
    seq: event.seq,
    kind: data.kind ?? 'call',
    state: 'pending',
    session,
    call: data.call,
    agent: event.scope.agent ?? '',
    asked: event.time,
    expires: data.expires ?? null,
    binding: data.binding,
    shown: JSON.stringify(shown),
    settled: null,
    settled_seq: null,
    settled_binding: null,
    reply: null,
  };
  return [{ op: 'put', table, row }];
}

export const waitingApprovals = `SELECT * FROM ${table} WHERE state IN ('pending', 'deferred') ORDER BY seq`;
export const newestApprovals = `SELECT * FROM ${table} ORDER BY seq DESC LIMIT ?`;
export const approvalsFrom = `SELECT * FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`;
export const approvalsOfCall = `SELECT * FROM ${table} WHERE call = ? ORDER BY seq DESC LIMIT 1`;
