import { z } from 'zod';

/** What is wrong with a file of a methodology, and where. Lines and columns count from 1. */
export const methodologyProblemSchema = z.strictObject({
  file: z.string().describe('below the folder'),
  line: z.int().min(1),
  column: z.int().min(1),
  field: z.string().describe('empty where it is the file as a whole'),
  message: z.string(),
});
export type MethodologyProblem = z.infer<typeof methodologyProblemSchema>;

const names = z.array(z.string());

/** What a methodology declares, and what follows from it. */
export const methodologySchema = z.strictObject({
  name: z.string(),
  folder: z.string(),
  types: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      producers: names.describe('protocols; none: it comes from outside'),
      canonical: z.string().nullable().describe('version of the shared schema that it is'),
    }),
  ),
  protocols: z.array(
    z.strictObject({
      name: z.string(),
      requires: names,
      accepts: names,
      produces: names,
      mayProduce: names,
      choices: z.array(z.strictObject({ name: z.string(), members: names })),
      scoped: z.boolean().describe('only for a named work unit'),
      trigger: z.string().describe('in words'),
    }),
  ),
  order: names.describe('of the protocols, as far as it follows from what they need'),
});
export type MethodologyLook = z.infer<typeof methodologySchema>;

export const checkedMethodologySchema = z.strictObject({
  methodology: methodologySchema.nullable().describe('null where there are problems'),
  problems: z.array(methodologyProblemSchema),
  notes: z.array(methodologyProblemSchema).describe('what keeps nobody from using it'),
});
export type CheckedMethodology = z.infer<typeof checkedMethodologySchema>;

/** What a text is by the schemas of a methodology. */
export const recognisedSchema = z.strictObject({
  type: z.string().nullable().describe('what it is, where there is no doubt'),
  fits: names.describe('every type that it is valid for'),
  nearest: z.string().nullable().describe('where it is valid for none: whose problems are told'),
  problems: z.array(
    z.strictObject({
      line: z.int().min(1),
      column: z.int().min(1),
      field: z.string().describe('JSON pointer; empty where it is the text as a whole'),
      message: z.string(),
    }),
  ),
});
export type Recognised = z.infer<typeof recognisedSchema>;
