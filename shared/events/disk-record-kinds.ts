import { z } from 'zod';
import { plural } from '../plural.ts';
import { brief, eventKind } from './kind.ts';

const folder = z.string().min(1).max(8192);
const counts = { entries: z.int().min(0), bytes: z.int().min(0) };

/** A session's record on disk. */
export const diskRecordKinds = {
  'session.sealed': eventKind({
    data: () =>
      z.strictObject({
        folder,
        ...counts,
        manifest: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .describe('SHA-256 of the manifest, which names every file'),
      }),
    sentence: (d) => `sealed its record: ${plural(d.entries, 'entry', 'entries')} in ${d.folder}`,
    tone: 'good',
  }),
  'session.unsealed': eventKind({
    data: () => z.strictObject({ folder, reason: z.string().max(2000) }),
    sentence: (d) => `left its record incomplete: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  /** The intent: written before the first file goes. */
  'session.record_removed': eventKind({
    data: () => z.strictObject({ folder, ...counts, why: z.enum(['age', 'size', 'asked']) }),
    sentence: (d) => `removed the record ${d.folder} (${plural(d.entries, 'entry', 'entries')})`,
    tone: 'waits',
  }),
};
