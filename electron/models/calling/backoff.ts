import type { ModelFailure } from '../wires/model-failure.ts';

/** How often one model is asked before it is given up. */
export const mostAttempts = 4;
/** A provider that wants to be left alone for longer is given up at once. */
const mostPatience = 60_000;
const first = 1_000;
const longest = 20_000;

/** Milliseconds to wait before the next attempt; null: there is none. */
export function backoff(failure: ModelFailure, attempt: number, random: () => number): number | null {
  if (!failure.passing || attempt >= mostAttempts) return null;
  const { retryAfter } = failure;
  if (retryAfter !== null && retryAfter > mostPatience) return null;
  const spread = Math.min(longest, first * 2 ** (attempt - 1)) * (0.5 + random() / 2);
  return Math.ceil(Math.max(retryAfter ?? 0, spread));
}
