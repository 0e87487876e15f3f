import { z } from 'zod';
import { diskRecordSchema } from '../session-record.ts';
import { forClients, forOperator } from './procedure.ts';

/** Records of sessions on disk. */
export const recordsContract = {
  list: forClients
    .route({ method: 'GET', path: '/records', summary: 'Records of sessions on disk, the newest first' })
    .input(z.strictObject({ agent: z.string().min(1).max(64).nullable().default(null) }).prefault({}))
    .output(
      z.strictObject({
        root: z.string(),
        records: z.array(diskRecordSchema).max(10_000),
        more: z.int().min(0).describe('how many older ones are not listed'),
      }),
    ),
  get: forClients
    .route({ method: 'GET', path: '/records/{session}', summary: 'One record on disk, and what it holds' })
    .input(z.strictObject({ session: z.string().min(1).max(40).describe('Id, or a unique beginning of it') }))
    .output(
      diskRecordSchema.extend({
        files: z
          .array(z.strictObject({ path: z.string(), kind: z.string(), bytes: z.int().min(0) }))
          .max(10_000)
          .describe('as its manifest names them; none before it is sealed'),
      }),
    ),
  prune: forOperator
    .route({
      method: 'POST',
      path: '/records/prune',
      summary: 'Remove records that are older or more than what is kept',
    })
    .input(
      z.strictObject({
        dryRun: z.boolean().default(false),
        olderThanDays: z
          .int()
          .min(0)
          .max(36_500)
          .nullable()
          .default(null)
          .describe('null: as the settings say'),
        beyondBytes: z.int().min(0).nullable().default(null).describe('null: as the settings say'),
      }),
    )
    .output(
      z.strictObject({
        records: z.array(diskRecordSchema).max(10_000),
        bytes: z.int().min(0),
        dryRun: z.boolean(),
      }),
    ),
};
