import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { boundsOf, type Ceiling, type RunBounds, type WantedBounds } from '../../../shared/run.ts';

const words: Readonly<Record<keyof RunBounds, string>> = {
  tokens: 'in tokens',
  micros: 'in dollars',
  seconds: 'in seconds',
};

/** The ceiling with more to spend. What has no bound needs none, and nothing is taken away from what was promised. */
export function raisedCeiling(ceiling: Ceiling, wanted: WantedBounds): Ceiling {
  const before = boundsOf(ceiling);
  const raised = { ...ceiling };
  const named = (Object.keys(before) as (keyof RunBounds)[]).filter((bound) => wanted[bound] !== undefined);
  if (named.length === 0) throw new Problem('invalid_input', 'Nothing was said of which it may have more.');
  for (const bound of named) {
    const [old, next] = [before[bound], wanted[bound] ?? null];
    if (old === null) {
      throw new Problem('conflict', `It has no bound ${words[bound]}, so there is nothing to raise.`);
    }
    if (next === null || next < old) {
      throw new Problem(
        'invalid_input',
        `Its bound ${words[bound]} is higher already.`,
        'Say what it may have in all.',
      );
    }
    raised[bound] = next;
  }
  return raised;
}

export function raisedDraft(
  run: Id<'run'>,
  from: Ceiling,
  ceiling: Ceiling,
  actor: Actor,
  again: readonly string[],
): Draft {
  const data = { from: boundsOf(from), ceiling, ...(again.length > 0 ? { again: [...again] } : {}) };
  return { kind: 'run.budget_raised', actor, scope: { run }, data };
}
