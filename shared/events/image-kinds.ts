import { z } from 'zod';
import { presetNameSchema } from '../command-agent.ts';
import { presetImageSchema } from '../preset-image.ts';
import { plural } from '../plural.ts';
import { brief, eventKind } from './kind.ts';

const bytes = z.int().min(0);

/** Images with a known agent’s program in them. */
export const imageKinds = {
  /** The intent: where nothing follows, Holdfast was killed meanwhile. */
  'image.begun': eventKind({
    data: () =>
      z.strictObject({
        preset: presetNameSchema,
        package: z.string(),
        version: z.string().nullable().describe('as it was asked for; null: the newest'),
        over: z.string().nullable().describe('null: this machine’s own system'),
      }),
    sentence: (d) => `began to make an image with ${brief(d.package, 80)}`,
    tone: 'running',
  }),
  'image.made': eventKind({
    data: () =>
      presetImageSchema.omit({ made: true }).extend({
        engine: z.string(),
        seconds: z.number().min(0),
        hosts: z
          .array(
            z.strictObject({
              host: z.string(),
              port: z.int().min(1).max(65_535),
              connections: z.int().min(1),
              sent: bytes,
              received: bytes,
            }),
          )
          .describe('where it was installed from'),
      }),
    sentence: (d) => `made an image with ${brief(d.package, 80)} ${d.version}: ${d.digest.slice(0, 19)}`,
    tone: 'good',
  }),
  /** The intent: of those that `image.removed` does not tell of, some may be gone. */
  'image.chosen': eventKind({
    data: () => z.strictObject({ digests: z.array(z.string()).min(1).max(1000) }),
    sentence: (d) => `chose to remove ${plural(d.digests.length, 'image')}`,
  }),
  'image.removed': eventKind({
    data: () =>
      presetImageSchema
        .pick({ preset: true, package: true, version: true, digest: true, bytes: true })
        .extend({ found: z.boolean().describe('false: the engine had it no longer') }),
    sentence: (d) =>
      `removed the image ${d.digest.slice(0, 19)} with ${brief(d.package, 80)} ${d.version}${d.found ? '' : ', which was gone already'}`,
  }),
  'image.failed': eventKind({
    data: () => z.strictObject({ preset: presetNameSchema, package: z.string(), reason: z.string() }),
    sentence: (d) => `made no image with ${brief(d.package, 80)}: ${brief(d.reason)}`,
    tone: 'refused',
  }),
};
