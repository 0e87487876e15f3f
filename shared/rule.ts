import { z } from 'zod';
import { actorSchema } from './events/event.ts';
import { idSchema } from './ids.ts';

/** What becomes of one part of a call by itself: one command of a line, one file, one host. */
export const decidedPartSchema = z.strictObject({
  text: z.string().max(20_000),
  deed: z.string().max(1000).describe('what it would do, in words'),
  verdict: z.enum(['allow', 'ask', 'deny', 'free']).describe('free: nothing here asks for it'),
  why: z.string().max(2000),
  rule: idSchema('rule').nullable(),
});
export type DecidedPart = z.infer<typeof decidedPartSchema>;

export const ruleEffectSchema = z.enum(['allow', 'ask', 'deny']);
export type RuleEffect = z.infer<typeof ruleEffectSchema>;

export const ruleScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('session'), session: idSchema('session') }),
  z.strictObject({ kind: z.literal('project'), folder: z.string().min(1).max(4096) }),
  z.strictObject({ kind: z.literal('everywhere') }),
]);
export type RuleScope = z.infer<typeof ruleScopeSchema>;

/** A standing answer, as a person gives it. */
export const ruleDraftSchema = z.strictObject({
  effect: ruleEffectSchema.default('allow'),
  what: z
    .string()
    .min(1)
    .max(10_000)
    .describe(
      '`exec: git status *`, `file_write: /folder/*`, `network: example.org`, `tool: NAME`, or `NAME with` one of them',
    ),
  agent: z.string().max(64).nullable().default(null).describe('null: every agent'),
  scope: ruleScopeSchema.default({ kind: 'everywhere' }),
  expires: z.iso.datetime().nullable().default(null),
});
export type RuleDraft = z.infer<typeof ruleDraftSchema>;

export const ruleSchema = z.strictObject({
  id: idSchema('rule'),
  effect: ruleEffectSchema,
  what: z.string(),
  agent: z.string().nullable(),
  scope: ruleScopeSchema,
  expires: z.iso.datetime().nullable(),
  words: z.string().describe('the rule in one line'),
  warnings: z.array(z.string()).describe('what it lets happen beside what it says'),
  overrides: z.array(idSchema('rule')).describe('rules that ask, which this one answers'),
  added: z.iso.datetime(),
  by: actorSchema,
  approval: idSchema('approval').nullable().describe('the answer it came from'),
  used: z.int().min(0),
  lastUsed: z.iso.datetime().nullable(),
  ended: z
    .strictObject({ time: z.iso.datetime(), how: z.enum(['removed', 'expired', 'session_ended']) })
    .nullable(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** A call of the past with what a new rule would have made of it. */
export const previewedCallSchema = z.strictObject({
  time: z.iso.datetime(),
  agent: z.string().nullable(),
  tool: z.string(),
  line: z.string().max(300),
  before: z.enum(['allowed', 'asked', 'denied']),
  now: z.enum(['allow', 'ask', 'deny']),
});
export const rulePreviewSchema = z.strictObject({
  words: z.string(),
  warnings: z.array(z.string()),
  overrides: z.array(z.string()),
  looked: z.int().min(0).describe('how many past calls were looked at'),
  calls: z.array(previewedCallSchema).max(200).describe('those it would have decided, the newest first'),
  more: z.int().min(0),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;

export const ruleTestSchema = z.strictObject({
  verdict: z.enum(['allow', 'ask', 'deny']),
  words: z.string(),
  parts: z.array(decidedPartSchema),
  order: z
    .array(z.strictObject({ rule: idSchema('rule'), words: z.string(), why: z.string() }))
    .describe('the rules that fit, the one that decides first'),
});
export type RuleTest = z.infer<typeof ruleTestSchema>;
