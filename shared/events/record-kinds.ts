import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { plural } from '../plural.ts';
import { brief, eventKind } from './kind.ts';

const seqRange = { from: z.int().min(0), to: z.int().min(0) };
/** The record about itself. */
export const recordKinds = {
  'log.created': eventKind({
    data: () =>
      z.strictObject({ log: z.string(), key: z.string().describe('verifier key, C2SP note format') }),
    sentence: (d) => `opened the record ${d.log}`,
  }),
  'log.restored': eventKind({
    data: () =>
      z.strictObject({
        size: z.int().min(0),
        replaced: z.strictObject({ size: z.int().min(0), root: z.string() }).nullable(),
      }),
    sentence: (d) =>
      d.replaced && d.replaced.size > d.size
        ? `restored a backup of ${plural(d.size, 'event')} over a record of ${d.replaced.size.toLocaleString('en')}`
        : `restored a backup of ${plural(d.size, 'event')}`,
    tone: 'waits',
  }),
  'log.rebuilt': eventKind({
    data: () => z.strictObject({ tables: z.int().min(0), differences: z.int().min(0) }),
    sentence: (d) =>
      d.differences === 0
        ? `derived every row again and found no difference`
        : `derived every row again and mended ${plural(d.differences, 'difference')}`,
  }),
  'key.rotated': eventKind({
    data: () => z.strictObject({ previous: z.string(), next: z.string(), reason: z.string().max(500) }),
    sentence: (d) => `changed the signing key: ${brief(d.reason)}`,
    tone: 'waits',
  }),
  'record.verified': eventKind({
    data: () => z.strictObject({ ok: z.boolean(), size: z.int().min(0), problems: z.int().min(0) }),
    sentence: (d) =>
      d.ok
        ? `verified ${plural(d.size, 'event')}: the record is whole`
        : `verified ${plural(d.size, 'event')} and found ${plural(d.problems, 'problem')}`,
    tone: 'good',
  }),
  'record.exported': eventKind({
    data: () =>
      z.strictObject({
        bundle: idSchema('bundle'),
        ...seqRange,
        events: z.int().min(0),
        withheld: z.int().min(0),
        sha256: z.string(),
      }),
    sentence: (d) =>
      `exported ${plural(d.events, 'event')} (${d.from}–${d.to})${d.withheld ? `, ${plural(d.withheld, 'payload')} withheld` : ''}`,
  }),
  'record.noted': eventKind({
    data: () => z.strictObject({ text: z.string().min(1).max(10_000) }),
    sentence: (d) => `noted: ${brief(d.text)}`,
  }),
  'payload.erased': eventKind({
    data: () =>
      z.strictObject({
        event: idSchema('event'),
        seq: z.int().min(0),
        reason: z.string().min(1).max(500),
        blobs: z
          .array(z.int().min(0).max(63))
          .min(1)
          .max(64)
          .optional()
          .describe('Places of the blobs that went alone; without it all went, the data as well'),
      }),
    sentence: (d) =>
      d.blobs
        ? `erased ${plural(d.blobs.length, 'attachment')} of event ${d.seq}: ${brief(d.reason)}`
        : `erased what event ${d.seq} carried: ${brief(d.reason)}`,
    tone: 'waits',
  }),
  'blobs.pruned': eventKind({
    data: () =>
      z.strictObject({
        before: z.iso.datetime().describe('only blobs last used before this time'),
        count: z.int().min(0),
        bytes: z.int().min(0),
        policy: z.string().max(200),
        left: z.int().min(0).optional().describe('blobs that sessions which have not ended need still'),
      }),
    sentence: (d) => `pruned ${plural(d.count, 'blob')}, ${plural(d.bytes, 'byte')} (${d.policy})`,
  }),
  'backup.created': eventKind({
    data: () => z.strictObject({ size: z.int().min(0), bytes: z.int().min(0) }),
    sentence: (d) => `made a backup of ${plural(d.size, 'event')}`,
  }),
  'checkpoint.delivery_failed': eventKind({
    data: () =>
      z.strictObject({
        destination: z.enum(['file', 'command']),
        size: z.int().min(0),
        reason: z.string(),
      }),
    sentence: (d) => `could not send the checkpoint at ${d.size} to its ${d.destination}: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  'storage.filled': eventKind({
    data: () => z.strictObject({ refused: z.int().min(0), seconds: z.number().min(0) }),
    sentence: (d) => `had no room for ${d.seconds.toFixed(0)} s and refused ${plural(d.refused, 'event')}`,
    tone: 'refused',
  }),
};
