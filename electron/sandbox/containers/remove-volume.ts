import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, statusOf } from './engine.ts';

/**
 * Removes an overlay that is mounted no more, and what the kernel left in its work folder: that belongs to the
 * engine's account, so nobody else could empty it, but it is empty.
 */
export async function removeVolume({ api }: Engine, name: string): Promise<void> {
  const volume = api.getVolume(name);
  const facts = await volume.inspect().catch(() => undefined);
  try {
    await volume.remove({ force: true });
  } catch (thrown) {
    if (statusOf(thrown) !== 404) throw thrown;
  }
  const work = /(?:^|,)workdir=([^,]+)/.exec(facts?.Options?.['o'] ?? '')?.[1];
  if (work === undefined) return;
  for (const folder of [join(work, 'work'), join(work, 'index'), work]) {
    await rmdir(folder).catch(() => undefined);
  }
}
