import type { Rule } from '../../../shared/rule.ts';
import { type RuleWhat, whatWords } from './rule-what.ts';

/** A rule with what it is about read, as the weighing needs it. */
export interface LiveRule extends Pick<Rule, 'id' | 'effect' | 'agent' | 'scope' | 'expires' | 'overrides'> {
  readonly what: RuleWhat;
}

export function scopeWords({ scope, agent }: Pick<LiveRule, 'scope' | 'agent'>): string {
  const where =
    scope.kind === 'everywhere'
      ? 'everywhere'
      : scope.kind === 'project'
        ? `in ${scope.folder}`
        : 'in this session';
  return agent === null ? where : `${where}, for ${agent}`;
}

/** The rule in one line. */
export function ruleWords(rule: Pick<LiveRule, 'effect' | 'what' | 'scope' | 'agent' | 'expires'>): string {
  const until = rule.expires === null ? '' : `, until ${rule.expires}`;
  return `${rule.effect} ${whatWords(rule.what)} (${scopeWords(rule)}${until})`;
}
