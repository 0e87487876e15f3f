import type { GivenFile } from '../../bridge/work/given-files.ts';

/** As many letters as a goal may have. */
const longestGoal = 20_000;

export interface Goal {
  /** Null where the files cannot be one. */
  readonly text: string | null;
  readonly why: string | null;
}

/** The words of files as a run’s goal, in their order. */
export function goalOf(files: readonly GivenFile[]): Goal {
  const other = files.find(({ text }) => text === null);
  if (other) return { text: null, why: `${other.name} is no text: only words can be a goal.` };
  const text =
    files.length === 1
      ? (files[0]?.text ?? '')
      : files.map(({ name, text: words }) => `${name}:\n\n${words ?? ''}`).join('\n\n');
  const trimmed = text.trim();
  if (trimmed === '') return { text: null, why: 'There are no words in it.' };
  return trimmed.length > longestGoal
    ? {
        text: null,
        why: `A goal has at most ${longestGoal.toLocaleString('en')} letters: give the run a folder with the files instead.`,
      }
    : { text: trimmed, why: null };
}
