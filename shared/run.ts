import { z } from 'zod';
import { agentNameSchema } from './agent.ts';
import { approvalLevelSchema } from './approval.ts';
import { modelRefSchema, moneySchema, usageSchema } from './conversation.ts';
import { actorSchema } from './events/event.ts';
import { idSchema } from './ids.ts';
import { paramsSchema, planSchema, subtaskNameSchema } from './plan.ts';
import { recipeNameSchema } from './recipe.ts';
import { folderWishSchema, reviewStateSchema, sandboxKindSchema } from './session.ts';
import { tokenBudgetSchema } from './token-budget.ts';

/** What starts a run. */
export const invocationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('goal'),
    goal: z.string().trim().min(1).max(20_000),
    mode: z.enum(['auto', 'plan', 'direct']).default('auto').describe('auto: a classifier chooses'),
  }),
  z.strictObject({ kind: z.literal('recipe'), recipe: recipeNameSchema, params: paramsSchema.default({}) }),
  z.strictObject({ kind: z.literal('plan'), plan: planSchema }),
  z.strictObject({
    kind: z.literal('agent'),
    agent: agentNameSchema,
    text: z.string().trim().min(1).max(20_000),
  }),
]);
export type Invocation = z.infer<typeof invocationSchema>;

/** The ceiling: whatever a role, a recipe or a planner says, no part of the run gets more. */
/** Whoever had an agent's session begin a run pays for it: what it spends counts for that agent and that session too. */
export const payerSchema = tokenBudgetSchema.extend({ session: idSchema('session'), agent: agentNameSchema });
export type RunPayer = z.infer<typeof payerSchema>;

export const ceilingSchema = z.strictObject({
  folders: z.array(folderWishSchema).max(50).default([]),
  hosts: z.array(z.string().min(1).max(500)).max(500).default([]),
  sandbox: sandboxKindSchema.default('namespace'),
  image: z.string().min(1).max(500).nullable().default(null),
  approvals: approvalLevelSchema.default('boundaries'),
  unattended: z.enum(['wait', 'deny']).default('wait'),
  tokens: z.int().min(1).nullable().default(null),
  micros: z.int().min(1).nullable().default(null).describe('Millionths of a dollar'),
  seconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .nullable()
    .default(null)
    .describe('From its start to its end'),
  concurrency: z
    .int()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe('Parts at the same time; null: as the settings say'),
  payer: payerSchema.optional().describe('The session whose agent began it, with the budget of that agent'),
});
export type Ceiling = z.infer<typeof ceilingSchema>;

/** How much of it there is: what can be raised later. */
export const runBoundsSchema = ceilingSchema.pick({ tokens: true, micros: true, seconds: true });
export type RunBounds = Pick<Ceiling, 'tokens' | 'micros' | 'seconds'>;
/** What is not named stays. */
export type WantedBounds = { readonly [Bound in keyof RunBounds]?: number | undefined };

export const boundsOf = ({ tokens, micros, seconds }: Ceiling): RunBounds => ({ tokens, micros, seconds });

/** What a person or a program asks for. */
export const runWishSchema = z.strictObject({
  invocation: invocationSchema,
  title: z.string().trim().min(1).max(200).nullable().default(null),
  ceiling: ceilingSchema.prefault({}),
  approvePlan: z
    .enum(['never', 'always', 'beyond'])
    .default('beyond')
    .describe('beyond: where it exceeds the budget or asks for rights that the ceiling does not hold'),
  priority: z.int().min(0).max(255).default(128),
});
export type RunWish = z.infer<typeof runWishSchema>;

/** The outcomes of runs and their parts; each code is what the command line exits with. */
export const runOutcomes = {
  success: 0,
  generic_failure: 1,
  blocked: 3,
  nothing_ready: 4,
  work_failed: 5,
  infrastructure_failure: 6,
  budget_exhausted: 7,
  timed_out: 124,
  cancelled: 130,
} as const;
export type RunOutcomeLabel = keyof typeof runOutcomes;
export const runOutcomeSchema = z.strictObject({
  label: z.enum(Object.keys(runOutcomes) as [RunOutcomeLabel, ...RunOutcomeLabel[]]),
  reason: z.string().max(4000).nullable().describe('in words that a person understands; null for success'),
});
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

/** A file that a part of a run left. */
export const runOutputSchema = z.strictObject({
  path: z.string().describe('as it is on this machine'),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RunOutput = z.infer<typeof runOutputSchema>;

export const subtaskStates = [
  'waiting',
  'ready',
  'running',
  'asking',
  'done',
  'failed',
  'skipped',
  'cancelled',
] as const;
/** `ready`: its parents are done, and a place is not free yet; `asking`: it waits for a person; `skipped`: a parent failed. */
export const subtaskStateSchema = z.enum(subtaskStates);
export type SubtaskState = z.infer<typeof subtaskStateSchema>;

export const runSubtaskSchema = z.strictObject({
  id: idSchema('subtask'),
  name: subtaskNameSchema,
  title: z.string(),
  role: z.string(),
  dependsOn: z.array(subtaskNameSchema),
  state: subtaskStateSchema,
  kept: z
    .boolean()
    .describe('its result is an earlier one: of the plan before, or of the run it was forked from'),
  attempt: z.int().min(0),
  tier: z.int().min(0),
  round: z.int().min(0).describe('how often had been planned again when it was planned'),
  model: modelRefSchema.nullable(),
  session: idSchema('session').nullable(),
  started: z.iso.datetime().nullable(),
  ended: z.iso.datetime().nullable(),
  outcome: runOutcomeSchema.nullable(),
  outputs: z.array(runOutputSchema),
  usage: usageSchema,
  cost: moneySchema,
});
export type RunSubtask = z.infer<typeof runSubtaskSchema>;

export const runStates = ['queued', 'planning', 'asking', 'running', 'paused', 'finished'] as const;
/** `asking`: its plan waits for a person. */
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

export const runSchema = z.strictObject({
  id: idSchema('run'),
  title: z.string(),
  state: runStateSchema,
  detail: z.string().nullable().describe('what it does or waits for now, in words'),
  invocation: z.discriminatedUnion('kind', [
    invocationSchema.options[0],
    invocationSchema.options[1],
    z.strictObject({ kind: z.literal('plan') }),
    invocationSchema.options[3],
  ]),
  ceiling: ceilingSchema,
  approvePlan: runWishSchema.shape.approvePlan.unwrap(),
  priority: z.int(),
  by: actorSchema,
  created: z.iso.datetime(),
  started: z.iso.datetime().nullable(),
  ended: z.iso.datetime().nullable(),
  changed: z.iso.datetime(),
  outcome: runOutcomeSchema.nullable(),
  folder: z.string().nullable().describe('where its files lie; null: removed'),
  pinned: z.boolean(),
  rounds: z.int().min(0).describe('how often it was planned; 0: not yet'),
  interrupted: z.int().min(0).describe('how often Holdfast ended while it ran'),
  forkOf: z.strictObject({ run: idSchema('run'), from: z.array(subtaskNameSchema) }).nullable(),
  counts: z.record(subtaskStateSchema, z.int().min(0)),
  waits: z.int().min(0).describe('questions of its parts that wait for a person'),
  result: z.string().nullable().describe('the answer, at most 8 kB'),
  outputs: z.array(runOutputSchema).describe('what is its result'),
  review: reviewStateSchema.describe('what became of its changes of folders under review'),
  reviewing: z.boolean().describe('its changes, or what is left of them, wait for a decision'),
  usage: usageSchema,
  cost: moneySchema,
});
export type Run = z.infer<typeof runSchema>;

/** What somebody who follows a run receives: each again when it changes. */
export const runNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), run: runSchema }),
  z
    .strictObject({ kind: z.literal('plan'), subtasks: z.array(runSubtaskSchema) })
    .describe('instead of all before'),
  z.strictObject({ kind: z.literal('subtasks'), subtasks: z.array(runSubtaskSchema) }),
]);
export type RunNews = z.infer<typeof runNewsSchema>;
