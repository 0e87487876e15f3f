import type { DecidedPart, RuleEffect } from '../../../shared/rule.ts';
import { concerns, fit, type WeighedCall } from './fitting.ts';
import { type LiveRule, ruleWords } from './live-rule.ts';
import { type Asking, asksFor } from './level.ts';
import { type Part, partDeed, partText } from './part.ts';
import { compareSpecificity, specificity } from './specificity.ts';

export interface Weighed {
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly who: 'rule' | 'level';
  /** The rules that decided. */
  readonly rules: readonly LiveRule[];
  /** Why so, for people: a sentence. */
  readonly words: string;
  readonly parts: readonly DecidedPart[];
  /** Every rule that fits some part, the stronger first. */
  readonly order: readonly { readonly rule: LiveRule; readonly why: string }[];
}

/**
 * A person's rules first: one that denies wins, then the more specific, then one that asks; a rule made with “always”
 * answers the rule that it names. What no rule decides is for the level. Every part has to be allowed by itself.
 */
export function weigh(call: WeighedCall, asking: Asking, rules: readonly LiveRule[], now: number): Weighed {
  const concerning = rules.filter((rule) => concerns(rule, call, now));
  const level = asksFor(asking, call.parts);
  const needs = (part: Part) => level.part(part) && !(part.kind === 'command' && part.within);
  const decided = call.parts.map((part) => ({ part, ...decide(part, call, concerning) }));
  const shown = decided.map(({ part, effect, rule, guess }): DecidedPart => {
    const base = {
      text: partText(part).slice(0, 20_000),
      deed: partDeed(part).slice(0, 1000),
      rule: rule?.id ?? null,
    };
    if (rule !== null && !guess) return { ...base, verdict: effect ?? 'ask', why: ruleWords(rule) };
    if (rule !== null)
      return { ...base, verdict: 'ask', why: `it could be what this rule is about: ${ruleWords(rule)}` };
    if (!needs(part)) return { ...base, verdict: 'free', why: level.why };
    return { ...base, verdict: 'ask', why: troubleOf(part) ?? 'no rule allows it' };
  });
  const order = orderOf(call, concerning);
  const of = (effect: RuleEffect) =>
    unique(
      decided.flatMap((one) => (one.rule !== null && !one.guess && one.effect === effect ? [one.rule] : [])),
    );
  const result = (
    verdict: Weighed['verdict'],
    who: Weighed['who'],
    by: readonly LiveRule[],
    words: string,
  ) => ({
    verdict,
    who,
    rules: by,
    words,
    parts: shown,
    order,
  });

  const denying = of('deny');
  if (denying.length > 0) return result('deny', 'rule', denying, `denied by ${list(denying)}`);
  const requiring = of('ask');
  if (requiring.length > 0) {
    return result('ask', 'rule', requiring, `it is asked because of ${list(requiring)}`);
  }
  const guessed = decided.flatMap(({ rule, guess }) => (rule !== null && guess ? [rule] : []));
  if (guessed.length > 0) {
    return result(
      'ask',
      'rule',
      [],
      `it is asked because it could be what ${list(unique(guessed))} is about`,
    );
  }
  const open = decided.filter(({ part, rule }) => rule === null && needs(part));
  const allowing = of('allow');
  if (open.length > 0) return result('ask', 'level', [], level.why);
  if (allowing.length > 0) return result('allow', 'rule', allowing, `allowed by ${list(allowing)}`);
  return result('allow', 'level', [], `allowed: ${level.free}`);
}

interface Decided {
  readonly effect: RuleEffect | null;
  readonly rule: LiveRule | null;
  /** The rule might be about this part; what it is cannot be told. */
  readonly guess: boolean;
}

function decide(part: Part, call: WeighedCall, rules: readonly LiveRule[]): Decided {
  const fitting = rules.map((rule) => ({ rule, fits: fit(rule, part, call) }));
  const certain = fitting.filter(({ fits }) => fits === 'yes').map(({ rule }) => rule);
  const strongest = inOrder(certain)[0];
  if (strongest?.effect === 'deny') return { effect: 'deny', rule: strongest, guess: false };
  const maybe = inOrder(fitting.filter(({ fits }) => fits === 'maybe').map(({ rule }) => rule))[0];
  if (strongest?.effect !== 'ask' && maybe) return { effect: 'ask', rule: maybe, guess: true };
  // What stands inside of something careful is refused with it, and allowed with it.
  if (part.kind === 'command' && part.within) return { effect: null, rule: null, guess: false };
  return { effect: strongest?.effect ?? null, rule: strongest ?? null, guess: false };
}

/** The strongest first. */
function inOrder(rules: readonly LiveRule[]): LiveRule[] {
  const allowing = rules.filter(({ effect }) => effect === 'allow');
  const overruled = new Set(allowing.flatMap(({ overrides }) => overrides));
  const rank = ({ effect, id }: LiveRule) =>
    effect === 'deny' ? 2 : overruled.has(id) && effect === 'ask' ? 0 : 1;
  return rules.toSorted(
    (a, b) =>
      rank(b) - rank(a) ||
      compareSpecificity(specificity(b), specificity(a)) ||
      Number(a.effect === 'allow') - Number(b.effect === 'allow') ||
      (a.id < b.id ? 1 : -1),
  );
}

function orderOf(call: WeighedCall, rules: readonly LiveRule[]): Weighed['order'] {
  const fitting = inOrder(rules.filter((rule) => call.parts.some((part) => fit(rule, part, call) === 'yes')));
  const overruled = new Map(
    fitting
      .filter(({ effect }) => effect === 'allow')
      .flatMap(({ id, overrides }) => overrides.map((other) => [other, id] as const)),
  );
  return fitting.map((rule, i) => {
    const by = overruled.get(rule.id);
    if (rule.effect === 'deny') return { rule, why: 'a rule that denies wins over every other' };
    if (by !== undefined && rule.effect === 'ask') return { rule, why: `answered by ${by}, which names it` };
    if (i === 0) return { rule, why: 'the most specific of those that fit' };
    return { rule, why: rule.effect === 'ask' ? 'asks, where nothing more specific fits' : 'less specific' };
  });
}

function troubleOf(part: Part): string | null {
  if (part.kind !== 'command') return null;
  return part.unclear ?? part.careful;
}

function unique(rules: readonly LiveRule[]): LiveRule[] {
  return [...new Map(rules.map((rule) => [rule.id, rule])).values()];
}

function list(rules: readonly LiveRule[]): string {
  const shown = rules.slice(0, 3).map((rule) => `the rule “${ruleWords(rule)}”`);
  const more = rules.length - shown.length;
  return `${shown.join(' and ')}${more > 0 ? ` and ${more} more` : ''}`;
}
