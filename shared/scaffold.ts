import { z } from 'zod';

/** Subtasks that need no model: code does them, and cannot claim what it did not do. */
export const scaffoldKinds = ['fetcher', 'runner', 'assembler'] as const;
export const scaffoldKindSchema = z.enum(scaffoldKinds);
export type ScaffoldKind = z.infer<typeof scaffoldKindSchema>;

const path = z.string().min(1).max(4096).startsWith('/');

/** What the code is to do, with every value put in. */
export const scaffoldSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fetcher'),
    url: z.string().min(1).max(8192),
    output: path,
  }),
  z.strictObject({
    kind: z.literal('runner'),
    argv: z
      .array(z.string().max(100_000))
      .min(1)
      .max(1000)
      .describe('The program and its arguments; no shell reads them'),
    cwd: path.nullable().describe('null: the run’s own folder'),
    report: path.nullable().describe('Where what it said is written; null: it is only answered'),
    seconds: z.int().min(1).nullable(),
  }),
  z.strictObject({
    kind: z.literal('assembler'),
    inputs: z.array(path).min(1).max(10_000).describe('In this order'),
    output: path.describe('`.html` makes a page, everything else Markdown'),
    title: z.string().max(500),
  }),
]);
export type Scaffold = z.infer<typeof scaffoldSchema>;
