import { z } from 'zod';
import { segmentSchema } from './command-agent.ts';

/** When something is due. */
export const timingSchema = z.strictObject({
  cron: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('Five fields: minute, hour, day of month, month, day of week'),
  zone: z
    .string()
    .min(1)
    .max(60)
    .nullable()
    .default(null)
    .describe('As in Europe/Berlin; null: this machine’s'),
});
export type Timing = z.infer<typeof timingSchema>;

const overlap = z
  .enum(['allow', 'skip', 'queue'])
  .describe('Where the one before still runs: begin beside it, leave this time out, or begin after it');
const catchUp = z
  .enum(['none', 'once'])
  .describe('Times that passed while Holdfast did not run: left out, or made up for once');
const jitterSeconds = z.int().min(0).max(86_400).describe('Begins up to so much later, by chance');
const backOff = z.boolean().describe('After each failure in a row leaves out twice as many times as before');
const pauseAfter = z.int().min(1).max(1000).describe('Failures in a row that pause it');

export const objectivePolicySchema = z.strictObject({
  overlap: overlap.default('allow'),
  catchUp: catchUp.default('none'),
  jitterSeconds: jitterSeconds.default(0),
  backOff: backOff.default(false),
  pauseAfter: pauseAfter.nullable().default(null),
});
export type ObjectivePolicy = z.infer<typeof objectivePolicySchema>;

/** The same in an agent's own file, with what it is handed each time. */
export const declaredScheduleSchema = z.strictObject({
  cron: timingSchema.shape.cron,
  zone: timingSchema.shape.zone.unwrap().unwrap().optional(),
  overlap: overlap.optional(),
  catch_up: catchUp.optional(),
  jitter_seconds: jitterSeconds.optional(),
  back_off: backOff.optional(),
  pause_after: pauseAfter.optional(),
  task: z.string().trim().min(1).max(20_000).optional().describe('What it is asked for each time'),
  work_unit: segmentSchema.optional().describe('What a command agent is handed each time, instead of a task'),
  unattended: z
    .enum(['wait', 'deny'])
    .optional()
    .describe('What would ask waits for the person, or is denied'),
});
export type DeclaredSchedule = z.infer<typeof declaredScheduleSchema>;

export const agentScheduleSchema = z.strictObject({
  timing: timingSchema,
  policy: objectivePolicySchema,
  task: z.string().nullable(),
  workUnit: z.string().nullable(),
  unattended: z.enum(['wait', 'deny']),
});
export type AgentSchedule = z.infer<typeof agentScheduleSchema>;
