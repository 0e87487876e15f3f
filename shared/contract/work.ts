import { z } from 'zod';
import { sessionSchema } from '../session.ts';
import { workWishSchema } from '../work.ts';
import { forOperator } from './procedure.ts';

const named = { session: z.string().min(1).max(40).describe('Id, or a unique beginning of it') };
const path = z.string().min(1).max(8192);

export const workCommitSchema = z.strictObject({
  commit: z.string(),
  subject: z.string(),
  author: z.string(),
  time: z.iso.datetime(),
});

export const workFileSchema = z.strictObject({
  path,
  kind: z.enum(['added', 'modified', 'removed', 'renamed', 'mode']),
  from: path.nullable(),
  untracked: z.boolean(),
  added: z.int().min(0).nullable().describe('lines; null: no text'),
  removed: z.int().min(0).nullable(),
});
export type WorkFile = z.infer<typeof workFileSchema>;

export const workContract = {
  start: forOperator
    .route({ method: 'POST', path: '/work', summary: 'Start a command agent on a fresh clone, contained' })
    .input(workWishSchema)
    .output(sessionSchema),
  changes: forOperator
    .route({ method: 'GET', path: '/work/{session}/changes', summary: 'What it committed and changed' })
    .input(z.strictObject(named))
    .output(
      z.strictObject({
        commits: z.array(workCommitSchema).max(1000),
        files: z.array(workFileSchema).max(10_000),
        more: z.int().min(0).describe('how many files are not listed'),
      }),
    ),
  difference: forOperator
    .route({
      method: 'POST',
      path: '/work/{session}/difference',
      summary: 'All changes, or one file’s, as a patch that git applies',
    })
    .input(z.strictObject({ ...named, path: path.nullable().default(null) }))
    .output(z.strictObject({ text: z.string().nullable(), why: z.string().nullable() })),
  apply: forOperator
    .route({
      method: 'POST',
      path: '/work/{session}/apply',
      summary: 'Apply the changes to a folder, or put them on a new branch of a repository here',
    })
    .input(
      z.strictObject({ ...named, folder: path, branch: z.string().min(1).max(250).nullable().default(null) }),
    )
    .output(z.strictObject({ files: z.int().min(0), commit: z.string().nullable(), session: sessionSchema })),
  raise: forOperator
    .route({
      method: 'POST',
      path: '/work/{session}/raise',
      summary: 'Say what one that is at work may spend in all on models that it asks through Holdfast',
    })
    .input(
      z.strictObject({
        ...named,
        tokens: z.int().min(1).optional(),
        micros: z.int().min(1).optional().describe('millionths of a dollar'),
      }),
    )
    .output(sessionSchema),
  discard: forOperator
    .route({ method: 'POST', path: '/work/{session}/discard', summary: 'Let go of what it changed' })
    .input(z.strictObject(named))
    .output(sessionSchema),
};
