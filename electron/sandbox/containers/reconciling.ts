import { Problem } from '../../../shared/problem.ts';
import type { Reconciled } from '../sandbox.ts';
import { type Engine, statusOf } from './engine.ts';
import { isOwn, ownedBy, sessionOf } from './labels.ts';
import { removeContainer } from './remove-container.ts';

/** Removes the containers and volumes that bear this data folder's label, whatever state they are in. */
export async function removeLeftovers(engine: Engine, data: string): Promise<Reconciled> {
  const removed: string[] = [];
  const containers = await engine.api.listContainers({ all: true, filters: ownedBy(data) });
  for (const { Id, Labels } of containers) {
    if (!isOwn(data, Labels)) continue;
    await removeContainer(engine.api.getContainer(Id));
    removed.push(`the container of ${sessionOf(Labels)}`);
  }
  const { Volumes: volumes } = await engine.api.listVolumes({ filters: ownedBy(data) });
  for (const { Name, Labels } of volumes ?? []) {
    if (!isOwn(data, Labels)) continue;
    await engine.api
      .getVolume(Name)
      .remove()
      .catch((thrown: unknown) => {
        if (statusOf(thrown) !== 404) throw thrown;
      });
    removed.push(`the overlay of ${sessionOf(Labels)}`);
  }
  return { removed };
}

/** Where no engine answers, nothing of ours runs in one. */
export async function reconcileContainers(find: () => Promise<Engine>, data: string): Promise<Reconciled> {
  let engine: Engine;
  try {
    engine = await find();
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'unavailable') return { removed: [] };
    throw thrown;
  }
  return removeLeftovers(engine, data);
}
