import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { ruleEffectSchema, ruleScopeSchema } from '../rule.ts';
import { brief, eventKind } from './kind.ts';

const approval = z.string();
const text = z.string().max(20_000);
const rules = z.array(idSchema('rule')).max(50);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const grantedHow = {
  once: 'allowed it once',
  session: 'allowed it for this session',
  always: 'allowed it from now on',
  rule: 'allowed it by a rule',
} as const;

/** Questions to a person, what became of them, and standing answers. */
export const approvalKinds = {
  /** Its blob `question.json` is the question whole. */
  'approval.asked': eventKind({
    data: () =>
      z.strictObject({
        approval,
        description: z.string(),
        kind: z.enum(['call', 'question']).optional(),
        call: idSchema('call').optional(),
        tool: z.string().optional(),
        title: z.string().optional(),
        whole: z.boolean().optional(),
        where: z.string().optional(),
        folder: z.string().nullable().optional(),
        why: text.optional(),
        expires: z.iso.datetime().nullable().optional(),
        binding: hash.optional().describe('of tool, arguments, folder, sandbox and executed file'),
      }),
    sentence: (d) => `asks: ${brief(d.description)}`,
    tone: 'waits',
  }),
  /** Where the arguments were changed, its blob `input.json` is what was allowed. */
  'approval.granted': eventKind({
    data: () =>
      z.strictObject({
        approval,
        how: z.enum(['once', 'session', 'always', 'rule']).optional(),
        rules: rules.optional(),
        edited: z.boolean().optional(),
        binding: hash.optional().describe('of what was allowed, where it was changed'),
      }),
    sentence: (d) => `${grantedHow[d.how ?? 'once']}${d.edited === true ? ', with other arguments' : ''}`,
    tone: 'good',
  }),
  'approval.denied': eventKind({
    data: () =>
      z.strictObject({
        approval,
        reason: z.string(),
        how: z.enum(['deny', 'rule', 'unattended']).optional(),
        rules: rules.optional(),
      }),
    sentence: (d) => (d.reason === '' ? 'denied it' : `denied it: ${brief(d.reason)}`),
    tone: 'refused',
  }),
  /** An agent's own question. */
  'approval.answered': eventKind({
    data: () => z.strictObject({ approval, text }),
    sentence: (d) => `answered: ${brief(d.text)}`,
    tone: 'good',
  }),
  'approval.deferred': eventKind({
    data: () => z.strictObject({ approval }),
    sentence: () => 'said: not now',
    tone: 'waits',
  }),
  'approval.expired': eventKind({
    data: () => z.strictObject({ approval }),
    sentence: () => 'was not answered in time',
    tone: 'refused',
  }),
  'approval.withdrawn': eventKind({
    data: () => z.strictObject({ approval, reason: text }),
    sentence: (d) => `asks no more: ${brief(d.reason)}`,
  }),
  'rule.added': eventKind({
    data: () =>
      z.strictObject({
        rule: idSchema('rule'),
        effect: ruleEffectSchema,
        what: text,
        agent: z.string().nullable(),
        scope: ruleScopeSchema,
        expires: z.iso.datetime().nullable(),
        overrides: rules,
        approval: idSchema('approval').nullable(),
      }),
    sentence: (d) => `added the rule “${d.effect} ${brief(d.what)}”`,
  }),
  'rule.removed': eventKind({
    data: () => z.strictObject({ rule: idSchema('rule'), what: text }),
    sentence: (d) => `removed the rule about ${brief(d.what)}`,
  }),
  'rule.used': eventKind({
    data: () =>
      z.strictObject({
        rule: idSchema('rule'),
        effect: ruleEffectSchema,
        tool: z.string(),
        call: idSchema('call'),
        used: z.int().min(1).describe('how often in all, this time included'),
      }),
    sentence: (d) =>
      `${{ allow: 'allowed', ask: 'had asked about', deny: 'denied' }[d.effect]} ${d.tool} by a rule`,
  }),
};
