import type { Item } from '../conversation.ts';
import { guessedTokens } from './token-count.ts';

/** How much of the budget is told shorter at once. */
const shareAtOnce = 0.4;
/** What was said last is never told shorter. */
const keptItems = 2;

export interface ContextLimits {
  /** What the model holds, or less where the agent says so. */
  readonly budget: number;
  readonly threshold: number;
  readonly mostMessages: number | null;
}

/** The oldest items that are to be told by a summary; none where there is room. An answer keeps its results. */
export function itemsToSummarize(
  items: readonly Item[],
  counted: number,
  limits: ContextLimits,
): readonly Item[] {
  const { budget, threshold, mostMessages } = limits;
  const tooMany = mostMessages !== null && items.length > mostMessages;
  if (counted <= budget * threshold && !tooMany) return [];
  const older = items.slice(0, Math.max(0, items.length - keptItems));
  let tokens = 0;
  let count = 0;
  for (const item of older) {
    tokens += guessedTokens(item);
    if (count > 0 && tokens > budget * shareAtOnce) break;
    count++;
  }
  const half = tooMany ? Math.ceil(older.length / 2) : 0;
  return older.slice(0, Math.max(count, half));
}
