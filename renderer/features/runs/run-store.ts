import type { Run, RunNews, RunSubtask } from '../../../shared/run.ts';

/** A run as it is followed. */
export interface KnownRun {
  readonly run: Run | null;
  /** Null until the first plan was told. */
  readonly parts: readonly RunSubtask[] | null;
  /** Another number when there are other parts or other edges, so that a graph is laid out again only then. */
  readonly shape: number;
}

export const unknownRun: KnownRun = { run: null, parts: null, shape: 0 };

/** Several pieces of news at once, because many arrive within one frame. */
export function withRunNews(before: KnownRun, news: readonly RunNews[]): KnownRun {
  let { run, parts, shape } = before;
  let changed = new Map<string, RunSubtask>();
  const settle = () => {
    if (changed.size > 0) ({ parts, shape } = withChanged({ parts, shape }, changed));
    changed = new Map();
  };
  for (const one of news) {
    if (one.kind === 'run') run = one.run;
    else if (one.kind === 'subtasks') for (const part of one.subtasks) changed.set(part.name, part);
    else {
      changed = new Map();
      if (!sameShape(parts ?? [], one.subtasks)) shape++;
      parts = one.subtasks;
    }
  }
  settle();
  return { run, parts, shape };
}

function withChanged(
  { parts, shape }: Pick<KnownRun, 'parts' | 'shape'>,
  changed: Map<string, RunSubtask>,
): Pick<KnownRun, 'parts' | 'shape'> {
  const next = (parts ?? []).map((part) => {
    const news = changed.get(part.name);
    changed.delete(part.name);
    return news ?? part;
  });
  if (changed.size === 0) return { parts: next, shape };
  return { parts: [...next, ...changed.values()], shape: shape + 1 };
}

function sameShape(one: readonly RunSubtask[], other: readonly RunSubtask[]): boolean {
  return (
    one.length === other.length &&
    one.every((part, at) => {
      const same = other[at];
      return (
        same !== undefined &&
        part.name === same.name &&
        part.dependsOn.length === same.dependsOn.length &&
        part.dependsOn.every((name, index) => name === same.dependsOn[index])
      );
    })
  );
}
