import type { Ceiling } from '../../../shared/run.ts';
import type { CheckedPlan } from '../../planning/checked-plan.ts';

/** A ceiling that also holds what a plan asked for. */
export function widened(ceiling: Ceiling, { folders, hosts }: CheckedPlan['wants']): Ceiling {
  const modes = new Map(ceiling.folders.map(({ path, mode }) => [path, mode]));
  for (const { path, mode } of folders) modes.set(path, mode);
  return {
    ...ceiling,
    folders: [...modes].map(([path, mode]) => ({ path, mode })),
    hosts: [...new Set([...ceiling.hosts, ...hosts])],
  };
}
