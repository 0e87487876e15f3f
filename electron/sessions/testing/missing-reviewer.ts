import { Problem } from '../../../shared/problem.ts';
import type { Reviewer } from '../reviewer.ts';

/** Stands where changes cannot be compared: what was kept stays kept. */
export function missingReviewer(why: string, mend: string): Reviewer {
  const refuse = () => Promise.reject(new Problem('unavailable', why, mend));
  return { changes: refuse, text: refuse, apply: refuse, copy: refuse, discard: refuse };
}
