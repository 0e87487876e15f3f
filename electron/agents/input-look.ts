import type { Recognised } from '../../shared/methodology.ts';
import { Problem } from '../../shared/problem.ts';
import type { WorkInput } from '../../shared/work.ts';
import { checkArtifactText } from './artifact-text.ts';
import { prepareInput, usable } from './work-input.ts';

export interface InputLook {
  types: string[];
  refused: { message: string; mend: string | null } | null;
  words: string;
  recognised: Recognised | null;
}

type What =
  | { readonly kind: 'input'; readonly input: WorkInput }
  | { readonly kind: 'text'; readonly text: string; readonly type: string | null };

/** What would become of something that is handed to a command agent; nothing is begun. */
export async function lookAtInput(what: What, folder: string | null): Promise<InputLook> {
  const nothing: InputLook = { types: [], refused: null, words: '', recognised: null };
  try {
    const methodology = folder === null ? null : await usable(folder);
    const types = [...(methodology?.types.keys() ?? [])];
    if (what.kind === 'text') {
      const recognised = checkArtifactText(what.text, what.type, methodology);
      const words = recognised.type === null ? 'a file' : `a “${recognised.type}”`;
      return { types, words, recognised, refused: refusalOf(recognised) };
    }
    try {
      const { words } = await prepareInput(what.input, folder);
      return { ...nothing, types, words };
    } catch (refusal) {
      return { ...nothing, types, refused: told(refusal) };
    }
  } catch (refusal) {
    return { ...nothing, refused: told(refusal) };
  }
}

function refusalOf({ problems: [first], fits }: Recognised): InputLook['refused'] {
  if (first) {
    const { line, column, message } = first;
    return { message: `line ${line}, column ${column}: ${message}`, mend: null };
  }
  return fits.length > 1
    ? { message: `It is valid as ${fits.join(' and as ')}.`, mend: 'Say which of them it is.' }
    : null;
}

function told(refusal: unknown): { message: string; mend: string | null } {
  if (!(refusal instanceof Problem)) throw refusal;
  return { message: refusal.message, mend: refusal.mend ?? null };
}
