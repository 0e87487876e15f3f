import { z } from 'zod';
import { type Run, type RunWish, runWishSchema } from '../../../shared/run.ts';

/** Something that was launched, or is kept to be launched again. */
export interface Remembered {
  readonly title: string;
  readonly wish: RunWish;
}

const kept = 'holdfast.favourites';
const mostFavourites = 50;
const mostEarlier = 8;

// Made when it is first read: no page pays for it that never looks.
const favouritesSchema = () =>
  z.array(z.strictObject({ title: z.string().max(200), wish: runWishSchema })).max(mostFavourites);

/** Kept in this browser. What is broken or of another version is as if it were not there. */
export function readFavourites(): readonly Remembered[] {
  try {
    return favouritesSchema().parse(JSON.parse(localStorage.getItem(kept) ?? '[]'));
  } catch {
    return [];
  }
}

export function keepFavourites(favourites: readonly Remembered[]): void {
  localStorage.setItem(kept, JSON.stringify(favourites.slice(0, mostFavourites)));
}

/** The latest runs, each wish once; a plan that was given whole is started from its own page. */
export function earlierOf(runs: readonly Run[]): readonly Remembered[] {
  const seen = new Set<string>();
  const found: Remembered[] = [];
  for (const { invocation, ceiling, approvePlan, title } of runs) {
    if (invocation.kind === 'plan') continue;
    const wish: RunWish = { invocation, ceiling, approvePlan, title: null, priority: 128 };
    const same = sameWish(wish);
    if (seen.has(same)) continue;
    seen.add(same);
    found.push({ title, wish });
    if (found.length === mostEarlier) break;
  }
  return found;
}

/** Two wishes that would do the same have the same text. */
export const sameWish = ({ invocation, ceiling }: RunWish): string => JSON.stringify([invocation, ceiling]);
