import { z } from 'zod';
import { actorSchema } from './events/event.ts';
import { idSchema } from './ids.ts';
import { decidedPartSchema, ruleDraftSchema } from './rule.ts';

/**
 * What asks: everything with an effect; whatever crosses a boundary; only actions and what is declared to ask;
 * or nothing (only where writes are disposable or reviewed and every host is listed).
 */
export const approvalLevels = ['everything', 'boundaries', 'actions', 'never'] as const;
export const approvalLevelSchema = z.enum(approvalLevels);
export type ApprovalLevel = z.infer<typeof approvalLevelSchema>;

export const crossingSchema = z.strictObject({
  kind: z.enum(['action', 'declared', 'write', 'command', 'host', 'spawn', 'wider']),
  words: z.string().max(1000).describe('ends “it is asked because it …”'),
});

/** `deferred`: not now; it waits still, out of the way. */
export const approvalStates = [
  'pending',
  'deferred',
  'granted',
  'answered',
  'denied',
  'expired',
  'withdrawn',
] as const;
export const approvalStateSchema = z.enum(approvalStates);
export type ApprovalState = z.infer<typeof approvalStateSchema>;
export const waits = (state: ApprovalState): boolean => state === 'pending' || state === 'deferred';

export const settledSchema = z.strictObject({
  how: z.enum(['once', 'session', 'always', 'reply', 'deny', 'rule', 'unattended', 'expiry', 'withdrawn']),
  by: actorSchema,
  time: z.iso.datetime(),
  reason: z.string().nullable(),
  rules: z.array(idSchema('rule')).describe('that were made by it, or that decided'),
  edited: z.boolean(),
});
export type Settled = z.infer<typeof settledSchema>;

/** One question that waits, or waited, for a person; `get` gives all of it. */
export const approvalSchema = z.strictObject({
  id: idSchema('approval'),
  kind: z.enum(['call', 'question']).describe('a call that would happen, or an agent’s own question'),
  state: approvalStateSchema,
  session: idSchema('session'),
  call: idSchema('call'),
  agent: z.string(),
  tool: z.string(),
  title: z.string(),
  line: z.string().max(300).describe('one line without control characters'),
  whole: z.boolean().describe('whether that line is all there is to know before allowing it'),
  where: z.string().max(300).describe('where it would happen, in words'),
  folder: z.string().nullable(),
  why: z.string().max(2000).describe('why it asks, one sentence'),
  asked: z.iso.datetime(),
  expires: z.iso.datetime().nullable(),
  settled: settledSchema.nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** A rule that would answer calls like this one, as an approval offers it; `always` takes it as it is or changed. */
export const suggestionSchema = z.strictObject({
  draft: ruleDraftSchema,
  words: z.string(),
  warnings: z.array(z.string()),
  overrides: z.array(z.string()).describe('what it would overrule, in words'),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const approvalDetailSchema = approvalSchema.extend({
  input: z.json().describe('null where it was erased'),
  edited: z.json().describe('what was allowed instead, where a person changed it'),
  crossings: z.array(crossingSchema),
  level: approvalLevelSchema.nullable(),
  parts: z.array(decidedPartSchema).describe('each would have to be allowed by itself'),
  difference: z.strictObject({ path: z.string(), text: z.string().max(200_000) }).nullable(),
  executed: z.string().nullable().describe('SHA-256 of the file that would be executed'),
  binding: z.string().describe('what an answer holds for: where that changes, it asks again'),
  question: z.strictObject({ text: z.string(), choices: z.array(z.string()), free: z.boolean() }).nullable(),
  suggestions: z
    .array(suggestionSchema)
    .describe('together they would answer it; empty where no rule can be proposed'),
});
export type ApprovalDetail = z.infer<typeof approvalDetailSchema>;

export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once') }),
  z.strictObject({
    kind: z.literal('session'),
    rules: z
      .array(z.string().min(1).max(10_000))
      .max(50)
      .optional()
      .describe('what of; without it: this very call'),
  }),
  z.strictObject({
    kind: z.literal('always'),
    rules: z.array(ruleDraftSchema).min(1).max(50),
  }),
  z.strictObject({ kind: z.literal('not_now') }),
  z.strictObject({
    kind: z.literal('deny'),
    reason: z.string().max(2000).default('').describe('the agent receives it'),
  }),
  z.strictObject({ kind: z.literal('reply'), text: z.string().min(1).max(20_000) }),
]);
export type Answer = z.infer<typeof answerSchema>;
