import { z } from 'zod';
import { plural } from '../plural.ts';
import { collectedSchema } from '../session-work.ts';
import { brief, eventKind } from './kind.ts';

const commit = z.string().regex(/^[0-9a-f]{40,64}$/);

/** A command agent at work on a fresh clone. */
export const workKinds = {
  'repository.cloned': eventKind({
    data: () =>
      z.strictObject({
        repository: z.string(),
        branch: z.string().nullable(),
        commit,
        mirror: z
          .enum(['made', 'updated', 'as_it_was', 'none'])
          .describe('as_it_was: it could not be updated'),
        why: z.string().nullable(),
        seconds: z.number().min(0),
      }),
    sentence: (d) =>
      `began with a fresh clone of ${brief(d.repository, 80)} at ${d.commit.slice(0, 12)}${d.why ? `: ${brief(d.why)}` : ''}`,
    tone: 'running',
  }),
  'work.collected': eventKind({
    data: () => collectedSchema,
    sentence: (d) => {
      const left = d.left ? `; not kept: ${brief(d.left.join(', '))}` : '';
      return d.files === 0
        ? `left the repository as it was${left}`
        : `changed ${plural(d.files, 'file')} (+${d.added} −${d.removed}) in ${plural(d.commits, 'commit')}${left}`;
    },
  }),
  /** The intent; where `work.applied` is missing, some of it may have been. */
  'work.chosen': eventKind({
    data: () =>
      z.strictObject({ to: z.enum(['folder', 'branch']), folder: z.string(), branch: z.string().nullable() }),
    sentence: (d) =>
      d.to === 'branch'
        ? `chose to put the changes on the branch ${d.branch} of ${d.folder}`
        : `chose to apply the changes to ${d.folder}`,
  }),
  'work.applied': eventKind({
    data: () =>
      z.strictObject({
        to: z.enum(['folder', 'branch']),
        folder: z.string(),
        branch: z.string().nullable(),
        files: z.int().min(0),
        commit: commit.nullable(),
      }),
    sentence: (d) =>
      d.to === 'branch'
        ? `put ${plural(d.files, 'changed file')} on the branch ${d.branch} of ${d.folder}`
        : `applied ${plural(d.files, 'changed file')} to ${d.folder}`,
    tone: 'good',
  }),
  'work.discarded': eventKind({
    data: () => z.strictObject({ reason: z.string() }),
    sentence: (d) => `let go of what it changed: ${brief(d.reason)}`,
  }),
};
