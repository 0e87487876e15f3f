import { z } from 'zod';
import type { Approval } from '../../../shared/approval.ts';
import { type Run, runStateSchema } from '../../../shared/run.ts';
import type { ToolCall } from '../calling/tool.ts';

export const waitingSchema = z.object({
  approval_id: z.string(),
  question: z.string(),
  why: z.string(),
  agent: z.string(),
});

export const runAnswerSchema = z.object({
  run_id: z.string(),
  title: z.string(),
  state: runStateSchema,
  doing: z.string().nullable().describe('What it does or waits for now'),
  outcome: z.string().nullable().describe('success, work_failed, budget_exhausted, …; null: it is not over'),
  reason: z.string().nullable(),
  result: z.string().nullable(),
  outputs: z.array(z.object({ path: z.string(), bytes: z.number() })),
  tokens: z.number(),
  dollars: z.number().nullable().describe('null: not known'),
  created: z.string(),
  ended: z.string().nullable(),
  waits_for: z.array(waitingSchema).describe('Questions that only a person answers'),
  hint: z.string().nullable().describe('Where a person answers, or how to go on'),
});

/** A run as programs are told of it. */
export async function runAnswer(
  run: Run,
  call: Pick<ToolCall, 'house'>,
): Promise<z.input<typeof runAnswerSchema>> {
  const waiting = run.waits > 0 ? await approvalsOf(run, call) : [];
  return {
    run_id: run.id,
    title: run.title,
    state: run.state,
    doing: run.detail,
    outcome: run.outcome?.label ?? null,
    reason: run.outcome?.reason ?? null,
    result: run.result,
    outputs: run.outputs.map(({ path, bytes }) => ({ path, bytes })),
    tokens: run.usage.input + run.usage.output,
    dollars: run.cost === null ? null : run.cost / 1e6,
    created: run.created,
    ended: run.ended,
    waits_for: waiting.map(waitingWords),
    hint: hintOf(run, waiting.length),
  };
}

export const waitingWords = ({ id, line, why, agent }: Approval): z.input<typeof waitingSchema> => ({
  approval_id: id,
  question: line,
  why,
  agent,
});

/** What waits for a person in any part of a run. */
export async function approvalsOf(
  run: Pick<Run, 'id'>,
  { house }: Pick<ToolCall, 'house'>,
): Promise<Approval[]> {
  const [approvals, sessions] = await Promise.all([house.rooms.approvals(), house.rooms.agentSessions()]);
  return approvals
    .list({ every: false, most: 1000 })
    .filter(({ session }) => sessions.has(session) && sessions.get(session).run === run.id);
}

function hintOf(run: Run, waiting: number): string | null {
  if (run.state === 'asking') return 'Its plan waits for the person, in the window of Holdfast under Runs.';
  if (waiting > 0)
    return 'It waits for the person, in the window of Holdfast under Approvals, or by `holdfast approve`.';
  return run.state === 'finished' ? null : 'Call get_run to see how it goes on.';
}
