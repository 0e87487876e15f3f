import { z } from 'zod';
import { actorSchema } from '../../shared/events/event.ts';
import { idSchema } from '../../shared/ids.ts';
import { type Rule, ruleEffectSchema, ruleScopeSchema } from '../../shared/rule.ts';
import type { Cell } from '../audit/projection.ts';
import type { LiveRule } from './weighing/live-rule.ts';
import { ruleWords } from './weighing/live-rule.ts';
import { readRuleWhat } from './weighing/rule-what.ts';
import { warningsOf } from './suggesting/warnings.ts';

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

const rowSchema = z.object({
  id: idSchema('rule'),
  effect: ruleEffectSchema,
  what: z.string(),
  agent: z.string().nullable(),
  scope: json(ruleScopeSchema),
  expires: z.string().nullable(),
  overrides: json(z.array(idSchema('rule'))),
  approval: idSchema('approval').nullable(),
  added: z.string(),
  actor: json(actorSchema),
  used: z.int(),
  last_used: z.string().nullable(),
  ended: z.string().nullable(),
  end: z.enum(['removed', 'session_ended']).nullable(),
});

export interface RuleRow {
  readonly rule: Rule;
  readonly live: LiveRule;
}

/** A row as values; throws where another version wrote what this one does not understand. */
export function readRuleRow(cells: Readonly<Record<string, Cell>>, now: number): RuleRow {
  const { ended, end, actor, last_used: lastUsed, ...row } = rowSchema.parse(cells);
  const { id, effect, agent, scope, expires, overrides } = row;
  const live: LiveRule = { id, effect, agent, scope, expires, overrides, what: readRuleWhat(row.what) };
  const over = expires !== null && Date.parse(expires) <= now;
  const endedNow = over ? { time: expires, how: 'expired' as const } : null;
  const ending = ended === null ? endedNow : { time: ended, how: end ?? ('removed' as const) };
  const warnings = effect === 'allow' ? warningsOf(live.what) : [];
  return { live, rule: { ...row, by: actor, lastUsed, ended: ending, words: ruleWords(live), warnings } };
}
