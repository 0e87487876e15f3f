import { z } from 'zod';
import { idSchema } from './ids.ts';

export const jobStates = ['pending', 'running', 'done', 'failed', 'cancelled', 'lost'] as const;
export type JobState = (typeof jobStates)[number];

/** A command that outlives the call that gave it: it runs in its session’s sandbox, and goes with it. */
export const jobSchema = z.strictObject({
  id: idSchema('job'),
  session: idSchema('session'),
  agent: z.string(),
  state: z.enum(jobStates),
  line: z.string(),
  labels: z.record(z.string(), z.string()),
  code: z.int().nullable().describe('where it exited by itself'),
  error: z.string().nullable().describe('why it is not done, in words'),
  submitted: z.string(),
  started: z.string().nullable(),
  finished: z.string().nullable(),
  stdout: z.string().describe('the beginning and the end of it'),
  stderr: z.string(),
});
export type Job = z.infer<typeof jobSchema>;

export const isOver = (state: JobState) => state !== 'pending' && state !== 'running';
