import { z } from 'zod';
import { runStateSchema } from '../../../shared/run.ts';
import { tool } from '../calling/tool.ts';
import { runAnswer, runAnswerSchema } from './run-answer.ts';

const runId = z.string().min(1).max(40).describe('As submit_goal answered it');

const partSchema = z.object({
  name: z.string(),
  title: z.string(),
  role: z.string(),
  state: z.string(),
  depends_on: z.array(z.string()),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
});
const mostParts = 500;

export const getRun = tool({
  name: 'get_run',
  title: 'Look at a run',
  description: 'Says how a run that you began is doing: its state, its parts, its result and what it cost.',
  input: z.strictObject({ run_id: runId }),
  output: runAnswerSchema.extend({ parts: z.array(partSchema).describe('The first 500') }),
  reads: true,
  async does({ run_id }, call) {
    const run = await call.runs.get(run_id);
    const { subtasks } = await (await call.house.rooms.runs()).plan(run.id, undefined);
    const parts = subtasks.slice(0, mostParts).map(({ name, title, role, state, dependsOn, outcome }) => ({
      name,
      title,
      role,
      state,
      depends_on: dependsOn,
      outcome: outcome?.label ?? null,
      reason: outcome?.reason ?? null,
    }));
    return { output: { ...(await runAnswer(run, call)), parts } };
  },
});

export const listRuns = tool({
  name: 'list_runs',
  title: 'List runs',
  description: 'Lists the runs that you began, the newest first.',
  input: z.strictObject({
    state: runStateSchema.optional(),
    most: z.int().min(1).max(100).default(20),
    before: z.string().max(40).optional().describe('`next` of the page before'),
  }),
  output: z.object({ runs: z.array(runAnswerSchema), next: z.string().nullable() }),
  reads: true,
  async does(input, call) {
    const { runs, next } = await call.runs.list(input);
    return { output: { runs: await Promise.all(runs.map((run) => runAnswer(run, call))), next } };
  },
});

export const cancelRun = tool({
  name: 'cancel_run',
  title: 'Cancel a run',
  description: 'Ends a run that you began. When this answers, nothing of it is at work any more.',
  input: z.strictObject({ run_id: runId }),
  output: runAnswerSchema,
  destroys: true,
  repeatable: true,
  async does({ run_id }, call) {
    const runs = await call.house.rooms.runs();
    return { output: await runAnswer(await runs.stop(call.runs.own(run_id), call.caller.actor), call) };
  },
});

export const getAgentStatus = tool({
  name: 'get_agent_status',
  title: 'Status of a run',
  description: 'Says in one word how a run that you began is doing: running, completed, failed or notfound.',
  input: z.strictObject({ run_id: runId }),
  output: z.object({
    status: z.enum(['running', 'completed', 'failed', 'notfound']),
    result: z.string().optional(),
    error: z.string().optional(),
  }),
  reads: true,
  async does({ run_id }, call) {
    if (!call.runs.has(run_id)) return { output: { status: 'notfound' as const } };
    const { outcome, result } = await call.runs.get(run_id);
    if (outcome === null) return { output: { status: 'running' as const } };
    if (outcome.label === 'success')
      return { output: { status: 'completed' as const, result: result ?? '' } };
    return { output: { status: 'failed' as const, error: outcome.reason ?? outcome.label } };
  },
});

export const cancelAgent = tool({
  name: 'cancel_agent',
  title: 'Cancel by id',
  description: 'Ends a run that you began, and says whether there was anything to end.',
  input: z.strictObject({ run_id: runId }),
  output: z.object({ cancelled: z.boolean() }),
  destroys: true,
  repeatable: true,
  async does({ run_id }, call) {
    if (!call.runs.has(run_id)) return { output: { cancelled: false } };
    if ((await call.runs.get(run_id)).state === 'finished') return { output: { cancelled: false } };
    await (await call.house.rooms.runs()).stop(run_id, call.caller.actor);
    return { output: { cancelled: true } };
  },
});
