import { z } from 'zod';
import { plural } from '../plural.ts';
import {
  folderWishSchema,
  outcomeSchema,
  reviewStateSchema,
  sandboxKindSchema,
  sandboxLayerSchema,
  sandboxLimitsSchema,
} from '../session.ts';
import { requestedWorkSchema } from '../session-work.ts';
import { brief, eventKind } from './kind.ts';

const modeWords = { ro: 'read-only', rw: 'read and write', review: 'under review' } as const;
const kindWords = { namespace: 'a namespace sandbox', container: 'a container' } as const;
const port = z.int().min(1).max(65_535);
const bytes = z.int().min(0);
const path = z.string().min(1).max(8192);

/** One agent, or one person’s command, at work in one sandbox. */
export const sessionKinds = {
  'session.requested': eventKind({
    data: () =>
      z.strictObject({
        argv: z.array(z.string()),
        sandbox: sandboxKindSchema,
        image: z.string().nullable(),
        folders: z.array(folderWishSchema),
        hosts: z.array(z.string()),
        loopback: z.boolean(),
        unixSockets: z.boolean(),
        secrets: z.array(z.string()).describe('names of those it was given'),
        terminal: z.boolean(),
        limits: sandboxLimitsSchema,
        work: requestedWorkSchema.optional().describe('of a command agent on a fresh clone'),
      }),
    sentence: (d) => {
      if (d.work)
        return `asked for ${d.work.agent} on ${brief(d.work.repository, 80)} in ${kindWords[d.sandbox]}`;
      const folders = d.folders.map((each) => `${each.path} (${modeWords[each.mode]})`).join(', ');
      return `asked for “${brief(d.argv.join(' '), 80)}” in ${kindWords[d.sandbox]}${folders ? ` on ${folders}` : ''}`;
    },
  }),
  'session.started': eventKind({
    data: () => z.strictObject({ sandbox: sandboxKindSchema, layers: z.array(sandboxLayerSchema) }),
    sentence: (d) => `started in ${kindWords[d.sandbox]}`,
    tone: 'running',
  }),
  'session.attached': eventKind({
    data: () => z.strictObject({ input: z.boolean() }),
    sentence: (d) => (d.input ? 'attached, and may type' : 'attached to watch'),
  }),
  'session.ended': eventKind({
    data: () =>
      z.strictObject({
        outcome: outcomeSchema,
        seconds: z.number().min(0),
        transcript: z.strictObject({ bytes, cut: z.boolean() }).nullable(),
        changes: z.int().min(0).nullable().describe('how many wait for review; null: nobody has counted'),
        review: reviewStateSchema,
      }),
    sentence: (d) =>
      `ended: ${d.outcome.label.replaceAll('_', ' ')}${d.outcome.reason ? `, ${brief(d.outcome.reason)}` : ''}`,
  }),
  /** The intent, before the first file is touched: where what follows is missing, some may have been applied. */
  'changes.chosen': eventKind({
    data: () => z.strictObject({ changes: z.int().min(1).nullable().describe('null: all of them') }),
    sentence: (d) =>
      d.changes === null
        ? 'chose to apply all changes'
        : `chose to apply ${d.changes} ${d.changes === 1 ? 'change' : 'changes'}`,
  }),
  'changes.applied': eventKind({
    data: () =>
      z.strictObject({
        folder: path,
        applied: z.array(path).max(1000),
        count: z.int().min(0),
        left: z.int().min(0).describe('how many wait still, in all its folders'),
        review: reviewStateSchema,
      }),
    sentence: (d) =>
      `applied ${plural(d.count, 'change')} to ${d.folder}${d.left > 0 ? `, ${d.left} left` : ''}`,
    tone: 'good',
  }),
  'changes.discarded': eventKind({
    data: () =>
      z.strictObject({
        folder: path,
        changes: z.int().min(0).nullable().describe('how many; null: nobody could count them'),
        review: reviewStateSchema,
      }),
    sentence: (d) =>
      `threw away ${d.changes === null ? 'what changed' : plural(d.changes, 'change')} to ${d.folder}`,
  }),
  'connection.opened': eventKind({
    data: () => z.strictObject({ host: z.string(), port, address: z.string() }),
    sentence: (d) => `connected to ${d.host}:${d.port}`,
  }),
  'connection.closed': eventKind({
    data: () =>
      z.strictObject({
        host: z.string(),
        port,
        address: z.string(),
        sent: bytes,
        received: bytes,
        seconds: z.number().min(0),
      }),
    sentence: (d) =>
      `closed its connection to ${d.host}:${d.port}: ${plural(d.sent, 'byte')} out, ${plural(d.received, 'byte')} in`,
  }),
  'connection.refused': eventKind({
    data: () =>
      z.strictObject({ host: z.string(), port: z.int(), reason: z.string(), count: z.int().min(1) }),
    sentence: (d) => `was not connected to ${d.host}:${d.port}: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  'leftovers.removed': eventKind({
    data: () => z.strictObject({ things: z.array(z.string()).max(200), count: z.int().min(1) }),
    sentence: (d) => `removed ${d.count} ${d.count === 1 ? 'thing' : 'things'} that a killed life had left`,
    tone: 'waits',
  }),
};
