import { z } from 'zod';
import { anyObjectiveSchema, objectiveWorkSchema } from '../objective.ts';
import { objectivePolicySchema, timingSchema } from '../schedule.ts';
import { brief, eventKind } from './kind.ts';

const name = anyObjectiveSchema;
const reason = z.string().max(1000);
const at = z.int().min(0).describe('the event that said it was due');

/** Standing instructions. */
export const objectiveKinds = {
  'objective.saved': eventKind({
    data: () =>
      z.strictObject({
        name,
        timing: timingSchema,
        policy: objectivePolicySchema,
        work: objectiveWorkSchema,
        words: z.string().max(300),
      }),
    sentence: (d) => `made the objective ${d.name}: “${brief(d.words, 80)}” at ${d.timing.cron}`,
  }),
  'objective.removed': eventKind({
    data: () => z.strictObject({ name }),
    sentence: (d) => `removed the objective ${d.name}`,
    tone: 'waits',
  }),
  'objective.paused': eventKind({
    data: () => z.strictObject({ name, why: z.enum(['asked', 'failures']), reason }),
    sentence: (d) => `paused the objective ${d.name}: ${brief(d.reason)}`,
    tone: 'waits',
  }),
  'objective.resumed': eventKind({
    data: () => z.strictObject({ name }),
    sentence: (d) => `went on with the objective ${d.name}`,
  }),
  /** The intent, where it begins: what it begins is told by `objective.began`. */
  'objective.due': eventKind({
    data: () =>
      z.strictObject({
        name,
        due: z.iso.datetime(),
        what: z.enum(['begins', 'skipped', 'queued', 'missed']),
        reason: reason.nullable(),
      }),
    sentence: (d) =>
      d.what === 'begins'
        ? `begins the objective ${d.name}`
        : d.what === 'queued'
          ? `lets the objective ${d.name} wait: ${brief(d.reason ?? '')}`
          : `left out the objective ${d.name}: ${brief(d.reason ?? '')}`,
  }),
  'objective.began': eventKind({
    data: () => z.strictObject({ name, at, thing: z.string().max(40).describe('the run or the session') }),
    sentence: (d) => `began ${d.thing} for the objective ${d.name}`,
  }),
  'objective.failed': eventKind({
    data: () => z.strictObject({ name, at, reason }),
    sentence: (d) => `could not begin the objective ${d.name}: ${brief(d.reason)}`,
    tone: 'refused',
  }),
};
