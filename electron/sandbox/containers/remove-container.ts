import type { Container } from 'dockerode';
import { engineProblem, statusOf, wordsOf } from './engine.ts';

const attempts = 20;

/** Gone when this returns: engines remove after they have answered. */
export async function removeContainer(container: Container): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await container.remove({ force: true, v: true });
      return;
    } catch (thrown) {
      const status = statusOf(thrown);
      if (status === 404) return;
      if (status === 409) {
        // Somebody else is removing it already.
        await container.wait({ condition: 'removed' }).catch(() => undefined);
        return;
      }
      // Podman cannot kill what is ending by itself just now, and refuses to remove it for that.
      const ending = status === 500 && /state improper|could not be stopped/.test(wordsOf(thrown));
      if (!ending || attempt === attempts) throw engineProblem('The container cannot be removed', thrown);
      await container.wait({ condition: 'not-running' }).catch(() => undefined);
    }
  }
}
