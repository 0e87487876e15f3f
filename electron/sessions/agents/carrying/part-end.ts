import { assistantMessageSchema, type ModelRef, type Usage } from '../../../../shared/conversation.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { Id } from '../../../../shared/ids.ts';
import type { ProblemCode } from '../../../../shared/problem.ts';
import type { EscalationSignal } from '../../../../shared/role.ts';
import type { RunOutcome } from '../../../../shared/run.ts';
import type { DataOf } from '../../../audit/projection.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import { usageOfPart } from '../../agent-session-rows.ts';
import type { SubtaskEnd } from '../../subtask-sessions.ts';
import { readBlobOf } from '../journal/record-journal.ts';

type Looked = Pick<AuditRecord, 'query' | 'blob' | 'rows'>;

const told = [
  'turn.finished',
  'session.turned',
  'session.ended',
  'tool.repeated',
  'tool.repeat_stopped',
] as const;

/** The newest of these tell how it ended; a guard that spoke in it stands among the last of them. */
const mostTold = 200;

/** What became of a session that has ended, as the record tells it: in the life in which it ended, and in any later one. */
export async function partEnd(
  record: Looked,
  session: Id<'session'>,
  subtask: Id<'subtask'>,
): Promise<SubtaskEnd> {
  const { events } = await record.query({ filter: { session, kinds: [...told] }, limit: mostTold });
  const newest = <Kind extends (typeof told)[number]>(kind: Kind) =>
    events.filter((event) => event.kind === kind).toSorted((a, b) => b.seq - a.seq)[0]?.data as
      DataOf<Kind> | undefined;
  const { stopReason = 'interrupted', code } = newest('turn.finished') ?? {};
  const isOutOfBudget =
    newest('session.turned')?.activity === 'out_of_budget' && stopReason === 'interrupted';
  const ended = newest('session.ended')?.outcome;
  const isDenied = stopReason.startsWith('failed: ') && (await lastDenied(record, session));
  const label = isOutOfBudget ? 'budget_exhausted' : isDenied ? 'blocked' : labelOf(ended?.label);
  const reason = label === 'success' ? null : (ended?.reason ?? 'It was ended.');
  const { answer, model } = await lastAnswer(record, session);
  return {
    session,
    outcome: { label, reason },
    retry: retryOf(label, stopReason, code as ProblemCode | undefined),
    answer,
    model,
    signals: signalsOf(stopReason, events),
    ...spentOn(record, session, subtask),
  };
}

/** An agent’s session ends in no other way. */
const labels: ReadonlySet<string> = new Set([
  'success',
  'work_failed',
  'timed_out',
  'cancelled',
  'infrastructure_failure',
]);

function labelOf(label: string | undefined): RunOutcome['label'] {
  return label !== undefined && labels.has(label) ? (label as RunOutcome['label']) : 'generic_failure';
}

/** What keeps a model from answering, now or with this question. */
const ofModels: ReadonlySet<ProblemCode> = new Set([
  'model_refused',
  'model_failed',
  'unavailable',
  'unreachable',
  'not_found',
  'unauthorized',
]);
const byModels: ReadonlySet<string> = new Set([
  'truncated',
  'empty',
  'refused',
  'max_iterations',
  'max_tokens',
]);

function retryOf(
  label: RunOutcome['label'],
  stopReason: string,
  code: ProblemCode | undefined,
): SubtaskEnd['retry'] {
  if (label === 'timed_out') return 'timeout';
  if (label === 'infrastructure_failure')
    return code && ofModels.has(code) ? 'model_error' : 'infrastructure';
  if (label !== 'work_failed') return null;
  return byModels.has(stopReason) ? 'model_error' : 'tool_error';
}

function signalsOf(stopReason: string, events: readonly RecordedEvent[]): EscalationSignal[] {
  const cut = stopReason === 'truncated' || stopReason === 'max_tokens';
  const repeated = events.some(({ kind }) => kind === 'tool.repeated' || kind === 'tool.repeat_stopped');
  return [...(cut ? (['max_tokens'] as const) : []), ...(repeated ? (['tool_repeat_guard'] as const) : [])];
}

async function lastDenied(record: Looked, session: string): Promise<boolean> {
  const { events } = await record.query({ filter: { session, kinds: ['tool.finished'] }, limit: 1 });
  return (events[0]?.data as DataOf<'tool.finished'> | undefined)?.denied === true;
}

/** The words of its last answer, and whose they are. */
export async function lastAnswer(
  record: Looked,
  session: string,
): Promise<{ answer: string; model: ModelRef | null }> {
  const { events } = await record.query({ filter: { session, kinds: ['model.called'] }, limit: 5 });
  const own = events
    .toSorted((a, b) => b.seq - a.seq)
    .find(({ data }) => (data as DataOf<'model.called'> | undefined)?.aside !== true);
  if (!own) return { answer: '', model: null };
  const { model } = own.data as DataOf<'model.called'>;
  const text = await readBlobOf(record)(own, 'answer.json');
  const message = text === null ? null : assistantMessageSchema.safeParse(JSON.parse(text)).data;
  const answer = (message?.parts ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('');
  return { answer, model };
}

function spentOn(record: Looked, session: string, subtask: string): { usage: Usage; cost: number | null } {
  const [sum] = record.rows(usageOfPart, subtask, session);
  const count = (name: string) => Number(sum?.[name] ?? 0);
  const usage = {
    input: count('input'),
    output: count('output'),
    cacheRead: count('cacheRead'),
    cacheWrite: count('cacheWrite'),
  };
  return { usage, cost: count('unpriced') > 0 ? null : count('cost') };
}
