import { Problem } from '../../shared/problem.ts';
import type { HandMakers } from './hand-makers.ts';

const absent = (): never => {
  throw new Problem('unavailable', 'This house keeps nothing of that kind.');
};

/** Where no room keeps notes, memories, skills, jobs or mail. */
export const absentHands: HandMakers = {
  mail: absent,
  search: absent,
  ready: () => ({ searches: false }),
  jobs: absent,
  notes: absent,
  memory: absent,
  skills: absent,
  refusal: () => Promise.resolve(null),
  prompt: () => Promise.resolve({ above: [], below: [] }),
  lost: () => Promise.resolve([]),
  ended: () => Promise.resolve(),
};
