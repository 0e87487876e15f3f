import { covers } from '../../capabilities/covering.ts';
import { isIn } from '../weighing/fitting.ts';
import type { LiveRule } from '../weighing/live-rule.ts';

/** Rules that ask and that a new one answers from now on: those whose place, agent and subject include the new one's. */
export function wouldOverride(
  rule: Omit<LiveRule, 'id' | 'overrides'>,
  rules: readonly LiveRule[],
): readonly LiveRule[] {
  if (rule.effect !== 'allow') return [];
  return rules.filter(
    (other) =>
      other.effect === 'ask' &&
      (other.agent === null || other.agent === rule.agent) &&
      placeCovers(other.scope, rule.scope) &&
      subjectCovers(other.what, rule.what),
  );
}

function placeCovers(outer: LiveRule['scope'], inner: LiveRule['scope']): boolean {
  if (outer.kind === 'everywhere') return true;
  if (outer.kind === 'session') return inner.kind === 'session' && inner.session === outer.session;
  return inner.kind === 'session' || (inner.kind === 'project' && isIn(outer.folder, inner.folder));
}

function subjectCovers(outer: LiveRule['what'], inner: LiveRule['what']): boolean {
  if (outer.exactly !== null) return outer.exactly === inner.exactly;
  if (outer.tool !== null && outer.tool !== '*' && outer.tool !== inner.tool && inner.tool !== null)
    return false;
  if (outer.capability === null || inner.exactly !== null) return true;
  return inner.capability !== null && covers(outer.capability, inner.capability);
}
