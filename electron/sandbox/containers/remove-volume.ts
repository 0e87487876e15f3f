import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findSystemPlaces } from '../bubblewrap/system-places.ts';
import { baseImageFor } from './base-image.ts';
import { type Engine, statusOf } from './engine.ts';
import { ensureImage } from './image.ts';
import { mountSettings } from './mounts.ts';
import { removeContainer } from './remove-container.ts';

/** Removes an overlay that is mounted no more, and what the kernel left in its work folder. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  const volume = engine.api.getVolume(name);
  const facts = await volume.inspect().catch(() => undefined);
  const work = /(?:^|,)workdir=([^,]+)/.exec(facts?.Options?.['o'] ?? '')?.[1];
  if (work !== undefined && !(await removedWork(work))) {
    await mountOnce(engine, name, facts?.Labels ?? {});
    await removedWork(work);
  }
  try {
    await volume.remove({ force: true });
  } catch (thrown) {
    if (statusOf(thrown) !== 404) throw thrown;
  }
}

/** It belongs to the engine's account: whoever is not root can remove what is empty there, and nothing else. */
async function removedWork(work: string): Promise<boolean> {
  if (process.getuid?.() === 0) {
    await rm(work, { recursive: true, force: true });
    return true;
  }
  for (const folder of [join(work, 'work'), join(work, 'index'), work]) {
    if (!(await removedEmpty(folder))) return false;
  }
  return true;
}

const removedEmpty = (folder: string): Promise<boolean> =>
  rmdir(folder).then(
    () => true,
    (thrown: unknown) => (thrown as NodeJS.ErrnoException).code === 'ENOENT',
  );

/** The kernel empties an overlay's work folder when it mounts it; of a program that is not there nothing runs. */
async function mountOnce(engine: Engine, name: string, labels: Record<string, string>): Promise<void> {
  const live = new AbortController().signal;
  const { id } = await ensureImage(
    engine,
    null,
    baseImageFor(await findSystemPlaces()),
    () => undefined,
    live,
  );
  const container = await engine.api.createContainer({
    Image: id,
    Entrypoint: ['/none'],
    Labels: labels,
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
      Mounts: mountSettings([{ what: 'volume', name, at: '/mnt', writable: true }], engine),
    },
  });
  try {
    await container.start().catch(() => undefined);
  } finally {
    await removeContainer(container);
  }
}
