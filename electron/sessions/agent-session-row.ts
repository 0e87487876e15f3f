import { z } from 'zod';
import { type AgentSession, activitySchema } from '../../shared/agent-session.ts';
import { approvalLevelSchema } from '../../shared/approval.ts';
import { modelRefSchema } from '../../shared/conversation.ts';
import { agentKinds } from '../../shared/events/agent-kinds.ts';
import { idSchema } from '../../shared/ids.ts';
import { outcomeSchema, reviewStateSchema } from '../../shared/session.ts';
import type { Cell } from '../audit/projection.ts';

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

const count = z
  .int()
  .nullable()
  .transform((value) => value ?? 0);

const rowSchema = z.object({
  id: idSchema('session'),
  run: idSchema('run').nullable(),
  opened: json(agentKinds['session.opened'].data),
  title: z.string(),
  approvals: approvalLevelSchema,
  model: modelRefSchema.nullable(),
  budget: json(agentKinds['session.opened'].data.shape.budget),
  answered: modelRefSchema.nullable(),
  activity: activitySchema,
  detail: z.string().nullable(),
  started: z.string(),
  changed: z.string(),
  ended: z.string().nullable(),
  outcome: json(outcomeSchema).nullable(),
  review: reviewStateSchema,
  queued: count,
  turns: count,
  input: count,
  output: count,
  cache_read: count,
  cache_write: count,
  cost: z.int().nullable(),
  unpriced: count,
});
export type AgentSessionRow = z.output<typeof rowSchema>;

/** A row as values; throws where another version wrote what this one does not understand. */
export function readAgentSessionRow(cells: Readonly<Record<string, Cell>>): AgentSessionRow {
  return rowSchema.parse(cells);
}

/** What only a living session knows. */
export interface LiveLook {
  readonly activity: AgentSession['activity'] | null;
  readonly detail: string | null;
  readonly sandboxed: boolean;
}

export function agentSessionFrom(
  row: AgentSessionRow,
  rights: readonly string[],
  live: LiveLook | undefined,
): AgentSession {
  const { opened, id, title, answered, activity, detail, approvals, started, changed, ended } = row;
  const { outcome, review, turns, queued, run } = row;
  const { agent, folders, hosts, sandbox, parent, depth } = opened;
  const over = activity === 'ended';
  return {
    id,
    agent,
    title,
    model: answered ?? row.model,
    activity: over ? activity : (live?.activity ?? activity),
    detail: over ? null : (live?.detail ?? detail),
    folders,
    hosts,
    sandbox,
    sandboxed: !over && live?.sandboxed === true,
    approvals,
    rights: [...rights],
    parent,
    run,
    depth,
    started,
    changed,
    ended,
    outcome,
    review,
    turns,
    queued,
    usage: {
      input: row.input,
      output: row.output,
      cacheRead: row.cache_read,
      cacheWrite: row.cache_write,
    },
    // What one call cost is unknown, so what all of them cost is.
    cost: row.unpriced > 0 ? null : (row.cost ?? 0),
  };
}
