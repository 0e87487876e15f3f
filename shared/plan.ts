import { z } from 'zod';

/** Names that people and models give to the parts of a plan; unique within it. */
export const subtaskNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/, 'letters, digits, “_”, “.” and “-”, at most 80');

/** Longer than any machine runs one part of a plan. */
const thirtyDays = 30 * 86_400;
const mostSubtasks = 100_000;
/** Of one text in a plan; larger things are files. */
const mostText = 100_000;

export const ttlSchema = z.strictObject({
  max_hops: z.int().min(0).max(1000).optional().describe('Each step away from a root takes one'),
  max_wall_clock: z.number().min(0).max(thirtyDays).optional().describe('Seconds'),
});

/** Values as plans carry them: texts may name `{run}`, `{workspace}` and `{input.NAME}`, also in lists and objects. */
export const paramsSchema = z.record(z.string().min(1).max(100), z.json());
export type Params = z.infer<typeof paramsSchema>;

/** One part of a plan, as a file or a planner writes it. */
export const subtaskSchema = z.strictObject({
  id: subtaskNameSchema,
  role: z.string().min(1).max(64),
  params: paramsSchema.default({}),
  depends_on: z.array(subtaskNameSchema).max(10_000).default([]),
  ttl: ttlSchema.optional(),
  current_model_tier: z.int().min(0).max(100).default(0),
  title: z.string().trim().min(1).max(200).optional().describe('What people read instead of its id'),
  priority: z
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe('Before others of a lower one; without it: its role’s'),
  shares_folders: z
    .boolean()
    .optional()
    .describe('Declared safe beside others that write to the same folders'),
});
export type Subtask = z.infer<typeof subtaskSchema>;

export const planSchema = z.strictObject({
  subtasks: z.array(subtaskSchema).min(1).max(mostSubtasks),
  final_output: z
    .string()
    .max(4096)
    .default('')
    .describe('The file that is the result; empty: the last answers'),
});
export type Plan = z.infer<typeof planSchema>;

export const parameterTypes = [
  'string',
  'text',
  'path',
  'string_list',
  'number',
  'boolean',
  'choice',
] as const;

/** One parameter of a role or a recipe. */
export const parameterSchema = z.strictObject({
  type: z.enum(parameterTypes),
  required: z.boolean().default(false),
  description: z.string().max(2000).default(''),
  default: z.json().optional(),
  choices: z.array(z.string().min(1).max(200)).min(1).max(100).optional().describe('Of a `choice`'),
  example: z.string().max(500).optional(),
});
export type Parameter = z.infer<typeof parameterSchema>;
export const parametersSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'small letters, digits and “_”, beginning with a letter'),
  parameterSchema,
);

export const longestText = mostText;
