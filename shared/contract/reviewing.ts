import { z } from 'zod';
import { forOperator } from './procedure.ts';

const path = z.string().min(1).max(8192);
const key = z.string().max(16_384);

/** One path of a folder under review. */
export const changeSchema = z.strictObject({
  path: path.describe('The whole path; names that are no UTF-8 are shown with �'),
  key: key.describe('What apply and change take: the path, exactly'),
  kind: z.enum(['added', 'modified', 'removed', 'mode', 'replaced']),
  type: z.enum(['file', 'folder', 'link', 'other']),
  before: z.int().min(0).nullable().describe('bytes'),
  after: z.int().min(0).nullable(),
  refusal: z
    .string()
    .nullable()
    .describe('Why it cannot be applied, for example: the original changed meanwhile'),
});
export type Change = z.infer<typeof changeSchema>;

export const folderChangesSchema = z.strictObject({
  folder: path,
  way: z.enum(['overlay', 'clone', 'copy']).describe('How the sandbox got its own version'),
  changes: z.array(changeSchema).max(10_000),
  more: z.int().min(0).describe('How many changes are not listed'),
});
export type FolderChanges = z.infer<typeof folderChangesSchema>;

export const changeTextSchema = z.strictObject({
  path,
  /** Lines of a unified difference, or why there is none. */
  text: z.string().max(2_000_000).nullable(),
  why: z.string().nullable(),
});
export type ChangeText = z.infer<typeof changeTextSchema>;

/** What a session or a run left under review: looked at, applied, thrown away. `at` is where it stands by itself. */
export function reviewing<Named extends z.ZodRawShape, Whole extends z.ZodRawShape, Left extends z.ZodType>(
  at: `/${string}`,
  named: Named,
  { whole, left }: { readonly whole: Whole; readonly left: Left },
) {
  return {
    changes: forOperator
      .route({ method: 'GET', path: `${at}/changes`, summary: 'What it changed in folders under review' })
      .input(z.strictObject(named))
      .output(z.array(folderChangesSchema)),
    change: forOperator
      .route({ method: 'POST', path: `${at}/change`, summary: 'One change as a difference of lines' })
      .input(z.strictObject({ ...named, key }))
      .output(changeTextSchema),
    apply: forOperator
      .route({
        method: 'POST',
        path: `${at}/apply`,
        summary: 'Apply changes to the person’s folders: all, or those named',
      })
      .input(z.strictObject({ ...named, keys: z.array(key).min(1).max(10_000).nullable().default(null) }))
      .output(z.strictObject({ applied: z.int().min(0), left: z.int().min(0), ...whole })),
    discard: forOperator
      .route({ method: 'POST', path: `${at}/discard`, summary: 'Throw the changes not applied away' })
      .input(z.strictObject(named))
      .output(left),
  };
}
