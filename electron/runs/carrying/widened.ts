import type { Params, Plan } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { CheckedPlan } from '../../planning/checked-plan.ts';
import { realFolder } from './real-ceiling.ts';

type Json = Params[string];

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

/**
 * A plan that names the folders it asks for by where they really lie: rights hold for real places, so one that is named
 * by a link would be granted and not be had. Null where each is named so already.
 */
export async function reallyNamed(
  plan: Plan,
  folders: CheckedPlan['wants']['folders'],
): Promise<Plan | null> {
  const links = new Map<string, string>();
  for (const { path } of folders) {
    const real = await realFolder(path);
    if (real === null) {
      throw new Problem('invalid_input', `There is no folder ${path} that could be looked into.`);
    }
    if (real !== path) links.set(path, real);
  }
  if (links.size === 0) return null;
  const subtasks = plan.subtasks.map((subtask) => ({
    ...subtask,
    params: named(subtask.params, links) as Params,
  }));
  return { ...plan, subtasks, final_output: named(plan.final_output, links) as string };
}

/** Refused where something else than a value of the plan leads through a link, such as a role. */
export async function refuseLinks(folders: CheckedPlan['wants']['folders']): Promise<void> {
  for (const { path } of folders) {
    const real = await realFolder(path);
    if (real === path) continue;
    throw new Problem(
      'invalid_input',
      `${path} leads to ${real ?? 'nowhere'}, and rights hold for real places.`,
      'Name that place in the plan.',
    );
  }
}

/** Values that are a path, or lie below one; words that only speak of it stay as they are. */
function named(value: Json, links: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') {
    for (const [link, real] of links) {
      if (value === link || value.startsWith(`${link}/`)) return `${real}${value.slice(link.length)}`;
    }
    return value;
  }
  if (Array.isArray(value)) return value.map((each) => named(each, links));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each, links)]));
}
