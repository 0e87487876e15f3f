import { z } from 'zod';

/** Two versions of the whole tree, in few numbers. */
export const collectedSchema = z.strictObject({
  base: z.string().describe('the commit it began with'),
  head: z.string().describe('the commit it ended with'),
  commits: z.int().min(0),
  files: z.int().min(0).describe('that differ from the base, those not committed among them'),
  untracked: z.int().min(0),
  added: z.int().min(0).describe('lines'),
  removed: z.int().min(0),
  left: z
    .array(z.string().max(8192))
    .max(100)
    .optional()
    .describe('what could not be kept: names of files, and .git where its commits cannot be read'),
});
export type Collected = z.infer<typeof collectedSchema>;

/** What was asked of a command agent. */
export const requestedWorkSchema = z.strictObject({
  agent: z.string(),
  repository: z.string(),
  branch: z.string().nullable(),
  input: z
    .strictObject({ kind: z.enum(['work_unit', 'request', 'artifact']), words: z.string().max(300) })
    .nullable(),
  attachments: z.array(z.string()),
  methodology: z.string().nullable(),
  objective: z.int().min(0).optional().describe('the event that said that its objective was due'),
});
export type RequestedWork = z.infer<typeof requestedWorkSchema>;

/** The part of a session that is a command agent’s at work on a repository. */
export const sessionWorkSchema = requestedWorkSchema.extend({
  base: z.string().nullable().describe('the commit it began with; null: not cloned yet'),
  collected: collectedSchema.nullable(),
  kept: z.boolean().describe('whether what it changed can still be looked at and applied'),
  record: z.string().nullable().describe('the folder of its record on disk'),
  sealed: z.boolean(),
});
export type SessionWork = z.infer<typeof sessionWorkSchema>;
