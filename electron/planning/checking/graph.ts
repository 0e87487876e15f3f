import type { Subtask } from '../../../shared/plan.ts';

export interface OrderedParts {
  /** Parents first. */
  readonly order: readonly Subtask[];
  readonly problems: readonly string[];
}

/** The parts with parents first, or what keeps them from having an order. */
export function inOrder(subtasks: readonly Subtask[]): OrderedParts {
  const problems: string[] = [];
  const byName = new Map<string, Subtask>();
  for (const part of subtasks) {
    if (byName.has(part.id)) problems.push(`“${part.id}” is the id of more than one part.`);
    byName.set(part.id, part);
  }
  for (const { id, depends_on: parents } of subtasks) {
    for (const parent of parents) {
      if (parent === id) problems.push(`“${id}” depends on itself.`);
      else if (!byName.has(parent)) problems.push(`“${id}” depends on “${parent}”, which is no part.`);
    }
  }
  if (problems.length > 0) return { order: [], problems };
  return ordered(byName);
}

function ordered(byName: ReadonlyMap<string, Subtask>): OrderedParts {
  const open = new Map<string, number>();
  const children = new Map<string, string[]>();
  for (const [id, { depends_on: given }] of byName) {
    const parents = new Set(given);
    open.set(id, parents.size);
    for (const parent of parents) {
      const of = children.get(parent);
      if (of) of.push(id);
      else children.set(parent, [id]);
    }
  }
  const order: Subtask[] = [];
  const ready = [...byName.values()].filter(({ id }) => open.get(id) === 0);
  for (let next = 0; next < ready.length; next++) {
    const part = ready[next]!;
    order.push(part);
    for (const child of children.get(part.id) ?? []) {
      const left = open.get(child)! - 1;
      open.set(child, left);
      if (left === 0) ready.push(byName.get(child)!);
    }
  }
  if (order.length === byName.size) return { order, problems: [] };
  const circle = circleAmong(byName, new Set(order.map(({ id }) => id)));
  return { order: [], problems: [`These wait for each other in a circle: ${circle.join(' → ')}.`] };
}

/** One circle, by name, among what never became ready. */
function circleAmong(byName: ReadonlyMap<string, Subtask>, done: ReadonlySet<string>): string[] {
  let at = [...byName.keys()].find((id) => !done.has(id)) ?? '';
  const way: string[] = [];
  const seen = new Set<string>();
  while (!seen.has(at)) {
    seen.add(at);
    way.push(at);
    at = byName.get(at)?.depends_on.find((id) => !done.has(id)) ?? at;
  }
  return [...way.slice(way.indexOf(at)), at].toReversed();
}

/** How far all questions about one plan may look, so that no plan holds everybody else up. */
const mostSteps = 2_000_000;

/** Answers which parts come before which, near ones first. */
export class Ancestry {
  readonly #parts: ReadonlyMap<string, Subtask>;
  #left: number;

  constructor(parts: ReadonlyMap<string, Subtask>, most = mostSteps) {
    this.#parts = parts;
    this.#left = most;
  }

  /** Null where looking further would take too long. */
  isBefore(earlier: string, later: string): boolean | null {
    const seen = new Set<string>([later]);
    for (const name of seen) {
      for (const parent of this.#parts.get(name)?.depends_on ?? []) {
        if (parent === earlier) return true;
        if (--this.#left < 0) return null;
        seen.add(parent);
      }
    }
    return false;
  }
}
