import { z } from 'zod';
import { presetNameSchema } from './command-agent.ts';

/** As npm names packages’ versions: a number, or a word that stands for one. */
export const packageVersionSchema = z
  .string()
  .max(80)
  .regex(/^[0-9A-Za-z][\w.+-]*$/, 'A version is a number such as 1.2.3, or a word such as latest.');

/** An image with the program of a preset in it, made here. */
export const presetImageSchema = z.strictObject({
  preset: presetNameSchema,
  package: z.string(),
  version: z.string(),
  digest: z.string().describe('its id in the engine; it goes into “image” of an agent’s sandbox too'),
  bytes: z.int().min(0).describe('what it has beside the image that it lies over'),
  over: z.string().nullable().describe('the image that it lies over; null: this machine’s own system'),
  made: z.string(),
});
export type PresetImage = z.infer<typeof presetImageSchema>;

/** One that was made here and that the engine still has. */
export const keptImageSchema = presetImageSchema.extend({
  newest: z.boolean().describe('whether it is the one that agents of its preset get'),
  usedBy: z
    .array(z.string())
    .describe('agents whose files name it, and sessions that began with it, in words'),
});
export type KeptImage = z.infer<typeof keptImageSchema>;

/** What became of images that are older than the newest of their preset, or would become of them. */
export const imagePruningSchema = z.strictObject({
  removed: z.array(presetImageSchema),
  kept: z.array(z.strictObject({ image: presetImageSchema, why: z.string() })),
});
export type ImagePruning = z.infer<typeof imagePruningSchema>;

/** What is told while one is made: words, and at last the image. */
export const imageMakingSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('working'), words: z.string() }),
  z.strictObject({ state: z.literal('made'), image: presetImageSchema }),
]);
export type ImageMaking = z.infer<typeof imageMakingSchema>;
