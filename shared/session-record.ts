import { z } from 'zod';

/** A session's record on disk: a folder that stays readable without Holdfast. */
export const diskRecordSchema = z.strictObject({
  session: z.string(),
  agent: z.string(),
  folder: z.string(),
  state: z.enum(['open', 'sealed', 'incomplete']).describe('open: its session is at work'),
  repository: z.string(),
  workUnit: z.string().nullable(),
  started: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
  exitCode: z.int().nullable(),
  bytes: z.int().min(0),
  entries: z.int().min(0),
});
export type DiskRecord = z.infer<typeof diskRecordSchema>;
