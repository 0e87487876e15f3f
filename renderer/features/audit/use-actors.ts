import { useEffect, useState } from 'react';
import type { RowSource } from './row-source.ts';

const kinds = ['operator', 'system', 'agent', 'client'];
const mostLookedAt = 1000;

/** Actors to choose from: every kind, and the names among the newest rows. */
export function useActors(source: RowSource | null): readonly string[] {
  const [actors, setActors] = useState<readonly string[]>(kinds);
  useEffect(() => {
    if (!source) return;
    return source.subscribe(() => {
      setActors((known) => {
        const seen = new Set(known);
        for (let index = 0; index < Math.min(source.count, mostLookedAt); index += 7) {
          const actor = source.row(index)?.actor;
          if (actor && seen.size < 40) seen.add(actor);
        }
        return seen.size === known.length ? known : [...seen];
      });
    });
  }, [source]);
  return actors;
}
