import { z } from 'zod';

export const skillNameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters and digits, with single dashes between them');

export const skillOrigins = ['bundled', 'yours', 'folder'] as const;

/** One skill as it was found. */
export const skillSchema = z.strictObject({
  name: z.string().describe('of its folder'),
  description: z.string().describe('empty where it cannot be read'),
  license: z.string().nullable(),
  compatibility: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  allowedTools: z
    .array(z.string())
    .nullable()
    .describe('null: it names none, and whatever an agent has is allowed'),
  origin: z
    .enum(skillOrigins)
    .describe('bundled; among those in your configuration; in the folder of the settings'),
  folder: z.string(),
  hides: z.boolean().describe('whether it stands in the place of one of the same name'),
  enabled: z.boolean(),
  problem: z.string().nullable().describe('what keeps it from being used'),
});
export type Skill = z.infer<typeof skillSchema>;
