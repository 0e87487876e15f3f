import { z } from 'zod';
import { idSchema } from '../ids.ts';

/** Who did it. `operator` is the person at this machine, `client` an outside program with its own token. */
export const actorSchema = z.strictObject({
  kind: z.enum(['operator', 'client', 'agent', 'system']),
  id: z.string().min(1).max(200).optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** What it belonged to. */
export const scopeSchema = z.strictObject({
  agent: z.string().min(1).max(200).optional(),
  run: idSchema('run').optional(),
  session: idSchema('session').optional(),
  subtask: idSchema('subtask').optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** What a leaf says of one blob: never its plain content hash, which could be guessed. */
export const blobStampSchema = z.strictObject({
  hash: sha256Hex.describe('SHA-256 of the salt followed by the content'),
  name: z.string().min(1).max(200),
  size: z.int().min(0),
  type: z.string().min(1).max(100),
});
export type BlobStamp = z.infer<typeof blobStampSchema>;

/** The header: exactly what the bytes of a leaf say. docs/record.md is its specification. */
export const headerSchema = z.strictObject({
  actor: actorSchema,
  blobs: z.array(blobStampSchema).max(64).optional(),
  data: sha256Hex.describe('SHA-256 of the salt followed by the canonical JSON of the data'),
  id: idSchema('event'),
  kind: z.string().min(1).max(100),
  parent: idSchema('event').optional(),
  scope: scopeSchema.optional(),
  seq: z.int().min(0),
  time: z.iso.datetime({ precision: 3 }),
});
export type Header = z.infer<typeof headerSchema>;

/** Whether a payload is still here. Pruned content is still proven by its hash; erased content by nothing. */
export const payloadStateSchema = z.enum(['present', 'pruned', 'erased']);
export type PayloadState = z.infer<typeof payloadStateSchema>;

export const recordedBlobSchema = blobStampSchema.extend({
  index: z.int().min(0),
  state: payloadStateSchema,
});

/** An event as the record gives it back, on every page and wire. */
export const recordedEventSchema = z.strictObject({
  seq: z.int().min(0),
  id: idSchema('event'),
  time: z.iso.datetime({ precision: 3 }),
  kind: z.string(),
  known: z.boolean().describe('false where this version of Holdfast does not know the kind'),
  actor: actorSchema,
  scope: scopeSchema,
  parent: idSchema('event').optional(),
  payload: payloadStateSchema,
  data: z.json().optional(),
  blobs: z.array(recordedBlobSchema),
});
export type RecordedEvent = z.infer<typeof recordedEventSchema>;
