import { lineParts, loadGrammar } from './shell/command-line.ts';

/**
 * Every command that a line for bash would run, with its arguments; null for one that cannot be told from the words.
 * What does nothing outside the shell is left out.
 */
export async function lineCommands(line: string): Promise<readonly (readonly string[] | null)[]> {
  const parts = lineParts(await loadGrammar(), line, null);
  return parts.flatMap((part) => {
    if (part.kind !== 'command' || part.within || part.harmless) return [];
    return [part.unclear !== null || part.open ? null : part.argv];
  });
}
