import { Problem } from '../../../shared/problem.ts';

/** A session that ended meanwhile needs neither to rest nor go on. */
export async function unlessOver(steering: Promise<void>): Promise<void> {
  try {
    await steering;
  } catch (thrown) {
    if (!['conflict', 'not_found'].includes(Problem.of(thrown).code)) throw thrown;
  }
}
