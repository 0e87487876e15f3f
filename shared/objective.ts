import { z } from 'zod';
import { agentNameSchema } from './agent.ts';
import { actorSchema } from './events/event.ts';
import { runWishSchema } from './run.ts';
import { objectivePolicySchema, timingSchema } from './schedule.ts';
import { workWishSchema } from './work.ts';

/** A name of the person’s; an agent that its file schedules has one of its own, `agent:NAME`. */
export const objectiveNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'small letters, digits, dash and underscore, starting with a letter');
export const anyObjectiveSchema = z.string().regex(/^(agent:)?[a-z][a-z0-9_-]{0,63}$/);

/** What it starts: anything that a person could start by hand, input and all. */
export const objectiveWorkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), wish: runWishSchema }),
  z.strictObject({ kind: z.literal('agent'), wish: workWishSchema }),
]);
export type ObjectiveWork = z.infer<typeof objectiveWorkSchema>;

export const objectiveWishSchema = z.strictObject({
  name: objectiveNameSchema,
  timing: timingSchema,
  policy: objectivePolicySchema.prefault({}),
  work: objectiveWorkSchema,
});
export type ObjectiveWish = z.infer<typeof objectiveWishSchema>;

/** One time that it was due. */
export const objectiveTimeSchema = z.strictObject({
  due: z.iso.datetime(),
  what: z.enum(['begins', 'skipped', 'queued', 'missed']),
  reason: z.string().nullable(),
  thing: z.string().nullable().describe('the run or session that it started'),
  ended: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
  ok: z.boolean().nullable().describe('null: it is not over, or somebody stopped it'),
});
export type ObjectiveTime = z.infer<typeof objectiveTimeSchema>;

/** A standing instruction with a schedule. */
export const objectiveSchema = z.strictObject({
  name: anyObjectiveSchema,
  from: z.enum(['person', 'agent_file']),
  agent: agentNameSchema.nullable().describe('whose file schedules it'),
  timing: timingSchema,
  policy: objectivePolicySchema,
  work: objectiveWorkSchema,
  words: z.string().describe('what it starts, on one line'),
  problem: z.string().nullable().describe('why it cannot be carried out as it is'),
  paused: z.boolean(),
  pausedBy: z.enum(['asked', 'failures']).nullable(),
  pausedWhy: z.string().nullable(),
  next: z.array(z.iso.datetime()).max(5),
  running: z.int().min(0),
  failures: z.int().min(0).describe('in a row'),
  times: z.array(objectiveTimeSchema).max(20).describe('the newest first'),
  by: actorSchema.nullable(),
});
export type Objective = z.infer<typeof objectiveSchema>;
