import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import type { Reconciled } from '../sandbox.ts';
import type { Engine } from './engine.ts';
import { isOwn, ownedBy, sessionOf } from './labels.ts';
import { removeContainer } from './remove-container.ts';
import { removeVolume } from './remove-volume.ts';
import { removeScratch, scratchMark } from './scratch.ts';

/** Removes the containers and volumes that bear this data folder's label, but for those of this life. */
async function removeFrom(engine: Engine, data: string, live: ReadonlySet<string>): Promise<string[]> {
  const removed: string[] = [];
  const left = (labels: Readonly<Record<string, string>> | null | undefined) =>
    isOwn(data, labels) && !live.has(sessionOf(labels));
  const containers = await engine.api.listContainers({ all: true, filters: ownedBy(data) });
  for (const { Id, Labels } of containers.filter((each) => left(each.Labels))) {
    await removeContainer(engine.api.getContainer(Id));
    removed.push(`the container of ${sessionOf(Labels)}`);
  }
  const { Volumes: volumes } = await engine.api.listVolumes({ filters: ownedBy(data) });
  for (const { Name, Labels } of (volumes ?? []).filter((each) => left(each.Labels))) {
    await removeVolume(engine, Name);
    removed.push(`the overlay of ${sessionOf(Labels)}`);
  }
  return removed;
}

/** Files that were made for containers which are gone, or never came to be. */
async function removeScratches(data: string, live: ReadonlySet<string>): Promise<string[]> {
  const folder = join(data, 'sandboxes');
  const removed: string[] = [];
  for (const session of await readdir(folder).catch(() => [])) {
    const mark = join(folder, session, scratchMark);
    const isContainers = await access(mark).then(
      () => true,
      () => false,
    );
    if (!isContainers || live.has(session)) continue;
    await removeScratch(dirname(mark));
    removed.push(`the scratch of ${session}`);
  }
  return removed;
}

export async function reconcileContainers(
  find: () => Promise<Engine>,
  data: string,
  live: ReadonlySet<string>,
): Promise<Reconciled> {
  const engine = await find().catch((thrown: unknown) => {
    // Where no engine answers, nothing of ours runs in one.
    if (thrown instanceof Problem && thrown.code === 'unavailable') return null;
    throw thrown;
  });
  const containers = engine ? await removeFrom(engine, data, live) : [];
  return { removed: [...containers, ...(await removeScratches(data, live))] };
}
