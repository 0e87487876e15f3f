import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { brief, eventKind } from './kind.ts';

const count = z.int().min(0);
const key = z.string().max(64);
const job = { job: idSchema('job') };
const memory = { memory: idSchema('memory') };

/**
 * What agents keep: notes, memories, jobs, and the skills that a person added. Words stand in events of their own, from
 * which no row is derived, so that they can be erased; the event that speaks of them comes right after, in the same
 * transaction.
 */
export const keepingKinds = {
  'note.worded': eventKind({
    data: () => z.strictObject({ key, content: z.string().max(65_536) }),
    sentence: (d) => `wrote the note ${d.key}: ${brief(d.content, 80)}`,
  }),
  'note.saved': eventKind({
    data: () => z.strictObject({ key, bytes: count, pinned: z.boolean() }),
    sentence: (d) => `saved the note ${d.key}${d.pinned ? ', pinned' : ''}`,
  }),
  'note.pinned': eventKind({
    data: () => z.strictObject({ key, pinned: z.boolean() }),
    sentence: (d) => `${d.pinned ? 'pinned' : 'unpinned'} the note ${d.key}`,
  }),
  'note.removed': eventKind({
    data: () => z.strictObject({ key }),
    sentence: (d) => `removed the note ${d.key}`,
  }),
  /** Its blob `vector`, where there is one, is the embedding of the content as 32-bit floats, little endian. */
  'memory.worded': eventKind({
    data: () => z.strictObject({ ...memory, content: z.string().max(65_536) }),
    sentence: (d) => `put into memory: ${brief(d.content, 80)}`,
  }),
  'memory.changed': eventKind({
    data: () => z.strictObject({ ...memory, category: z.string(), embedding: z.string().nullable() }),
    sentence: () => 'changed what is remembered',
  }),
  'memory.removed': eventKind({
    data: () => z.strictObject({ ...memory, reason: z.enum(['deleted', 'replaced', 'evicted', 'erased']) }),
    sentence: (d) =>
      ({
        deleted: 'took something out of memory',
        replaced: 'took something out of memory that is replaced',
        evicted: 'took the oldest out of memory, which was full',
        erased: 'erased something from memory',
      })[d.reason],
  }),
  'job.submitted': eventKind({
    data: () =>
      z.strictObject({
        ...job,
        call: idSchema('call'),
        line: z.string().max(65_536),
        cwd: z.string().max(4096).nullable(),
        writes: z.boolean(),
        labels: z.record(z.string().max(64), z.string().max(256)),
      }),
    sentence: (d) => `gave a job: ${brief(d.line, 100)}`,
    tone: 'running',
  }),
  'job.started': eventKind({
    data: () => z.strictObject(job),
    sentence: () => 'started a job',
    tone: 'running',
  }),
  /** Its blobs `stdout.txt` and `stderr.txt` are the beginning and the end of what it said. */
  'job.finished': eventKind({
    data: () =>
      z.strictObject({
        ...job,
        state: z.enum(['done', 'failed']),
        code: z.int().nullable(),
        ended: z.string().max(2000),
      }),
    sentence: (d) => (d.state === 'done' ? 'finished a job' : `failed at a job: ${brief(d.ended)}`),
  }),
  'job.cancelled': eventKind({
    data: () => z.strictObject({ ...job, reason: z.string().max(2000) }),
    sentence: (d) => `cancelled a job: ${brief(d.reason)}`,
  }),
  'job.lost': eventKind({
    data: () => z.strictObject({ ...job, reason: z.string().max(2000) }),
    sentence: (d) => `lost a job: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  'skill.added': eventKind({
    data: () =>
      z.strictObject({
        name: z.string(),
        from: z.string(),
        files: count,
        bytes: count,
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    sentence: (d) => `added the skill ${d.name} from ${brief(d.from)}`,
  }),
  'skill.removed': eventKind({
    data: () => z.strictObject({ name: z.string() }),
    sentence: (d) => `removed the skill ${d.name}`,
  }),
};
