import { createTwoFilesPatch } from 'diff';
import type { ToolShown } from '../tool.ts';

const most = 200_000;
/** Comparing two long texts that have little in common takes time that grows with both. */
const patience = { timeout: 500, context: 3 };

/** Two texts as a unified difference; nothing where they are the same, or where it is too much to be read. */
export function differenceOf(
  path: string,
  before: string,
  after: string,
): { path: string; text: string } | undefined {
  if (before === after || before.length + after.length > 4 * most) return undefined;
  const text = createTwoFilesPatch(path, path, before, after, undefined, undefined, patience);
  return text === undefined || text.length > most ? undefined : { path, text };
}

/** What a write changed, for the card. */
export function shownDifference(path: string, before: string, after: string): ToolShown | undefined {
  const difference = differenceOf(path, before, after);
  return difference && { kind: 'diff', ...difference };
}
