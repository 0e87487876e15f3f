import { posix } from 'node:path';
import type { Intent } from '../tools/tool.ts';
import { programOf } from './shell/programs.ts';
import { wrappers } from './shell/wrappers.ts';
import { weighedCall } from './weighing/call-parts.ts';

const mostWords = 100;

export interface RunWords {
  /** Names of programs, with a slash or without. */
  readonly programs: readonly string[];
  /** What programs that run what they are given are given: scripts among it, and words that are no files at all. */
  readonly given: readonly string[];
  /** Where relative ones may lie: where it begins, and wherever it says that it goes. */
  readonly folders: readonly string[];
}

/** The words of a command that may name files whose text is run. */
export async function runWords(
  intent: Extract<Intent, { kind: 'exec' | 'shell' }>,
  folder: string | null,
): Promise<RunWords> {
  const of = { tool: '', agent: null, session: null, folder, input: {}, intents: [intent] };
  const { parts } = await weighedCall(of);
  const programs = new Set<string>();
  const given = new Set<string>();
  const begun = intent.cwd ?? folder ?? '/';
  const folders = new Set([begun]);
  for (const part of parts) {
    if (part.kind !== 'command') continue;
    const [program, ...args] = part.argv;
    if (program === undefined) continue;
    programs.add(program);
    const words = args.filter((word) => word !== '' && !word.startsWith('-'));
    const name = program.slice(program.lastIndexOf('/') + 1);
    if (name === 'cd' || name === 'pushd') for (const word of words) folders.add(posix.resolve(begun, word));
    if (programOf(part.argv)?.runsAnything === true || wrappers.has(name)) {
      for (const word of words) given.add(word);
    }
  }
  const first = (all: Set<string>) => [...all].slice(0, mostWords);
  return { programs: first(programs), given: first(given), folders: first(folders).slice(0, 10) };
}
