import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { plural } from '../plural.ts';
import { escalationSignalSchema } from '../role.ts';
import { dollars } from '../money-words.ts';
import {
  boundsOf,
  ceilingSchema,
  type RunBounds,
  runBoundsSchema,
  runOutcomeSchema,
  runOutputSchema,
} from '../run.ts';
import { reviewStateSchema } from '../session.ts';
import { brief, eventKind } from './kind.ts';

const seconds = z.number().min(0);

/** `from 1,000 to 5,000 tokens, from $1.00 to $2.00`. */
function raisedWords(from: RunBounds, to: RunBounds): string {
  const count = (value: number) => value.toLocaleString('en');
  const told = (bound: keyof RunBounds, words: (value: number) => string, unit = '') => {
    const [old, next] = [from[bound], to[bound]];
    return old === next || old === null || next === null
      ? []
      : [`from ${words(old)} to ${words(next)}${unit}`];
  };
  return [
    ...told('tokens', count, ' tokens'),
    ...told('micros', dollars),
    ...told('seconds', count, ' seconds'),
  ].join(', ');
}

/** Runs as graphs of subtasks. Their plans, parameters and answers are attached. */
export const planKinds = {
  /** Attached: `wish.json`, the whole of what was asked for. */
  'run.requested': eventKind({
    data: () =>
      z.strictObject({
        title: z.string().max(200),
        kind: z.enum(['goal', 'recipe', 'plan', 'agent']),
        priority: z.int(),
        approvePlan: z.enum(['never', 'always', 'beyond']).optional(),
        ceiling: ceilingSchema,
        folder: z.string().describe('where its files lie'),
        objective: z.int().min(0).optional().describe('the event that said that its objective was due'),
        forkOf: z.strictObject({ run: idSchema('run'), from: z.array(z.string()).max(1000) }).optional(),
      }),
    sentence: (d) => `asked for “${brief(d.title, 80)}”`,
  }),
  'run.started': eventKind({
    data: () => z.strictObject({}),
    sentence: () => 'began',
    tone: 'running',
  }),
  'run.interrupted': eventKind({
    data: () => z.strictObject({ running: z.int().min(0) }),
    sentence: (d) => `was interrupted with ${plural(d.running, 'part')} at work; it goes on`,
    tone: 'waits',
  }),
  'run.paused': eventKind({ data: () => z.strictObject({}), sentence: () => 'paused the run' }),
  'run.resumed': eventKind({
    data: () => z.strictObject({}),
    sentence: () => 'let the run go on',
    tone: 'running',
  }),
  'run.cancelled': eventKind({
    data: () => z.strictObject({ reason: z.string().max(1000) }),
    sentence: (d) => `cancelled the run: ${brief(d.reason)}`,
  }),
  /** Attached, where it has one: `answer.txt`. */
  'run.finished': eventKind({
    data: () =>
      z.strictObject({
        outcome: runOutcomeSchema,
        outputs: z.array(runOutputSchema).max(1000),
        seconds,
        changes: z
          .int()
          .min(0)
          .nullable()
          .optional()
          .describe('how many wait in folders under review; null: nobody has counted'),
        review: reviewStateSchema.optional(),
      }),
    sentence: (d) =>
      `ended: ${d.outcome.label.replaceAll('_', ' ')}${d.outcome.reason ? `, ${brief(d.outcome.reason)}` : ''}`,
  }),
  'run.budget_raised': eventKind({
    data: () =>
      z.strictObject({
        from: runBoundsSchema,
        ceiling: ceilingSchema.describe('from now on'),
        again: z
          .array(z.string())
          .max(100_000)
          .optional()
          .describe('parts that a budget had refused, which begin again'),
      }),
    sentence: ({ from, ceiling }) => `raised its budget: ${raisedWords(from, boundsOf(ceiling))}`,
  }),
  'run.pinned': eventKind({
    data: () => z.strictObject({ pinned: z.boolean() }),
    sentence: (d) => (d.pinned ? 'keeps its folder' : 'lets its folder be removed in its time'),
  }),
  'run.folder_removed': eventKind({
    data: () => z.strictObject({ path: z.string(), bytes: z.int().min(0), files: z.int().min(0) }),
    sentence: (d) => `removed ${d.path}, with ${plural(d.files, 'file')}`,
  }),
  /** Attached: `plan.json`. */
  'plan.asked': eventKind({
    data: () => z.strictObject({ round: z.int(), beyond: z.array(z.string()).max(1000) }),
    sentence: (d) =>
      d.beyond.length > 0 ? `asks whether to start: ${brief(d.beyond.join('; '))}` : 'asks whether to start',
    tone: 'waits',
  }),
  /** Attached where it was changed: `plan.json`. */
  'plan.answered': eventKind({
    data: () =>
      z.strictObject({
        answer: z.enum(['start', 'refuse']),
        changed: z.boolean(),
        widened: ceilingSchema.optional().describe('the ceiling from now on'),
      }),
    sentence: (d) =>
      d.answer === 'refuse' ? 'refused the plan' : `let the plan start${d.changed ? ', changed' : ''}`,
  }),
  /** What a planner answered was no plan: it is asked again with all of this. */
  'plan.refused': eventKind({
    data: () => z.strictObject({ problems: z.array(z.string().max(1000)).max(100) }),
    sentence: (d) => `was given back a plan with ${plural(d.problems.length, 'mistake')}`,
    tone: 'refused',
  }),
  'orchestration.selected': eventKind({
    data: () =>
      z.strictObject({ mode: z.enum(['decompose', 'direct']), source: z.enum(['explicit', 'auto']) }),
    sentence: (d) => `chose to ${d.mode === 'direct' ? 'work directly' : 'decompose'} (${d.source})`,
  }),
  'plan.produced': eventKind({
    // Attached: `plan.json` as it was given, `parts.json` with the ids of its subtasks, `roles.json` as they are.
    data: () =>
      z.strictObject({
        subtasks: z.int().min(0),
        replans: z.int().min(0),
        kept: z.array(z.string()).max(100_000).optional().describe('whose results stay'),
        carried: idSchema('run')
          .optional()
          .describe('whose changes of folders under review it goes on with, as a copy'),
        lost: z
          .array(z.string())
          .max(1000)
          .optional()
          .describe('done again because what they changed under review is not to be had any more'),
      }),
    sentence: (d) => `planned ${plural(d.subtasks, 'subtask')}`,
  }),
  'plan.replanned': eventKind({
    data: () => z.strictObject({ reason: z.string() }),
    sentence: (d) => `planned again: ${brief(d.reason)}`,
    tone: 'waits',
  }),
  'subtask.started': eventKind({
    data: () =>
      z.strictObject({
        name: z.string(),
        role: z.string(),
        attempt: z.int().min(1).optional(),
        tier: z.int().min(0).optional(),
        inputs: z.string().optional().describe('a hash of all that its result follows from'),
      }),
    sentence: (d) => `${d.name}, ${d.role}`,
    tone: 'running',
  }),
  'subtask.finished': eventKind({
    // Attached, where it has one: `answer.txt`.
    data: () =>
      z.strictObject({
        name: z.string(),
        ok: z.boolean(),
        outcome: runOutcomeSchema.optional(),
        outputs: z.array(runOutputSchema).max(1000).optional(),
        seconds: seconds.optional(),
        again: z.string().max(1000).optional().describe('why it is tried once more'),
        kept: z.string().optional().describe('its role, where the result is one of the run that was forked'),
        signals: z.array(escalationSignalSchema).max(3).optional(),
      }),
    sentence: (d) =>
      d.ok
        ? `${d.name} succeeded`
        : `${d.name} failed${d.outcome?.reason ? `: ${brief(d.outcome.reason)}` : ''}`,
  }),
  'subtask.expired': eventKind({
    data: () =>
      z.strictObject({
        name: z.string(),
        reason: z.enum(['hops_exhausted', 'wall_clock_exceeded', 'dependency_expired']),
      }),
    sentence: (d) => `${d.name} ran out: ${d.reason.replaceAll('_', ' ')}`,
    tone: 'refused',
  }),
  'subtask.model_escalated': eventKind({
    data: () =>
      z.strictObject({
        name: z.string(),
        fromTier: z.string(),
        toTier: z.string(),
        fromModel: z.string(),
        toModel: z.string(),
        reason: z.string(),
      }),
    sentence: (d) => `${d.name} moved from ${d.fromModel} to ${d.toModel}: ${brief(d.reason)}`,
  }),
  'subtask.output_missing': eventKind({
    data: () => z.strictObject({ name: z.string(), path: z.string() }),
    sentence: (d) => `${d.name} did not leave ${d.path}`,
    tone: 'refused',
  }),
};
