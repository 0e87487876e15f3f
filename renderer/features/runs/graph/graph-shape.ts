/** What a graph is made of, by number: which parts there are and which follow from which. */
export interface GraphShape {
  readonly names: readonly string[];
  readonly parents: readonly (readonly number[])[];
  readonly children: readonly (readonly number[])[];
}

export function shapeOf(
  parts: readonly { readonly name: string; readonly dependsOn: readonly string[] }[],
): GraphShape {
  const at = new Map(parts.map(({ name }, index) => [name, index]));
  const parents = parts.map(({ dependsOn }) =>
    dependsOn.flatMap((name) => {
      const index = at.get(name);
      return index === undefined ? [] : [index];
    }),
  );
  const children: number[][] = parts.map(() => []);
  for (const [index, from] of parents.entries()) for (const parent of from) children[parent]?.push(index);
  return { names: parts.map(({ name }) => name), parents, children };
}

/** Each after all that it follows from; those of a circle, which no checked plan has, come last. */
export function inOrder({ parents, children }: GraphShape): number[] {
  const open = parents.map((from) => from.length);
  const order = open.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let next = 0; next < order.length; next++) {
    for (const child of children[order[next] ?? 0] ?? []) {
      open[child] = (open[child] ?? 0) - 1;
      if (open[child] === 0) order.push(child);
    }
  }
  if (order.length === parents.length) return order;
  const known = new Set(order);
  return [...order, ...[...parents.keys()].filter((index) => !known.has(index))];
}

/** The chain that decided how long all of it took, from its first part to its last. */
export function criticalPath(shape: GraphShape, durations: readonly number[]): number[] {
  const until: number[] = [];
  const before: (number | null)[] = [];
  let last: number | null = null;
  for (const index of inOrder(shape)) {
    let longest: number | null = null;
    for (const parent of shape.parents[index] ?? []) {
      if (longest === null || (until[parent] ?? 0) > (until[longest] ?? 0)) longest = parent;
    }
    before[index] = longest;
    until[index] = (longest === null ? 0 : (until[longest] ?? 0)) + (durations[index] ?? 0);
    if (last === null || until[index] > (until[last] ?? 0)) last = index;
  }
  const path: number[] = [];
  for (let at = last; at !== null && !path.includes(at); at = before[at] ?? null) path.push(at);
  return path.toReversed();
}
