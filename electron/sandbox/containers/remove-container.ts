import { setTimeout as later } from 'node:timers/promises';
import type { Container } from 'dockerode';
import { engineProblem, statusOf, wordsOf } from './engine.ts';

const attempts = 100;
/** Between two attempts, in milliseconds. */
const pause = 50;

/** Gone when this returns: engines remove after they have answered. */
export async function removeContainer(container: Container): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await container.remove({ force: true, v: true });
      return;
    } catch (thrown) {
      const status = statusOf(thrown);
      if (status === 404) return;
      // Somebody else is removing it already, or it is ending by itself just now and cannot be killed: asked again, the
      // engine says whether it is gone.
      const words = wordsOf(thrown);
      const ending = /state improper|could not be stopped|is not running/.test(words);
      if ((status !== 409 && !ending) || attempt === attempts) {
        throw engineProblem('The container cannot be removed', thrown);
      }
      const condition = status === 409 ? 'removed' : 'not-running';
      await container.wait({ condition }).catch(() => undefined);
      await later(pause);
    }
  }
}
