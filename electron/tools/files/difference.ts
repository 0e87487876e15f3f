import { createTwoFilesPatch } from 'diff';
import type { ToolShown } from '../tool.ts';

const most = 200_000;
/** Comparing two long texts that have little in common takes time that grows with both. */
const patience = { timeout: 500, context: 3 };

/** What a write changed, for the card; nothing where it is too much to be read. */
export function shownDifference(path: string, before: string, after: string): ToolShown | undefined {
  if (before === after || before.length + after.length > 4 * most) return undefined;
  const text = createTwoFilesPatch(path, path, before, after, undefined, undefined, patience);
  return text === undefined || text.length > most ? undefined : { kind: 'diff', path, text };
}
