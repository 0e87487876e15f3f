import { createHash } from 'node:crypto';
import type { Subtask } from '../../../shared/plan.ts';
import { canonicalJson } from '../../../shared/capability/custom-params.ts';

/**
 * Of all that a part’s result follows from, before `{run}` is put in: two parts with the same hash are the same work,
 * also in two runs. What a part may read without naming it is what its parents left, so all of them count.
 */
export function hashOf(
  part: Subtask,
  role: string,
  workspace: string,
  parents: readonly (readonly [name: string, hash: string])[],
): string {
  const sorted = parents.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const hash = createHash('sha256').update(`${role}\n${workspace}\n${canonicalJson(part.params)}\n`);
  for (const [name, of] of sorted) hash.update(`${name} ${of}\n`);
  return hash.digest('hex');
}
