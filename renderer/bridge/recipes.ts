import { useEffect, useState } from 'react';
import type { RecipeEntry } from '../../shared/contract/planning.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import { useHouse } from './house.ts';

export interface KnownRecipes {
  /** Null until the first answer; those whose file is broken are in it. */
  readonly list: readonly RecipeEntry[] | null;
  readonly problem: Problem | null;
}

/** Every recipe, live while they are wanted: a file that is written or mended shows at once. */
export function useRecipes(wanted: boolean): KnownRecipes {
  const house = useHouse();
  const [known, setKnown] = useState<KnownRecipes>({ list: null, problem: null });
  useEffect(() => {
    if (!wanted) return;
    const life = new AbortController();
    house
      .followStream(
        (signal) => house.client.recipes.watch(undefined, { signal }),
        (list) => setKnown({ list, problem: null }),
        life.signal,
      )
      .catch(
        (thrown: unknown) =>
          !life.signal.aborted && setKnown((before) => ({ ...before, problem: problemOf(thrown) })),
      );
    return () => life.abort();
  }, [house, wanted]);
  return known;
}
