import { Problem } from '../../../shared/problem.ts';
import type { Hands } from '../hands.ts';
import { wholePath } from './paths.ts';

/** What is read of a file at most. */
export const mostFileBytes = 1_000_000;

export interface FileText {
  /** Where it really lies. */
  readonly path: string;
  readonly text: string;
  readonly size: number;
}

/** A file as text; refused where it is too large or no text. */
export async function readText(hands: Hands, path: string, most = mostFileBytes): Promise<FileText> {
  const read = await hands.files.read(wholePath(path, hands.folder), { most: most + 1 });
  if (read.size > most || read.bytes.length > most) {
    throw new Problem(
      'too_large',
      `${read.path} has ${read.size.toLocaleString('en')} bytes, more than ${most.toLocaleString('en')}.`,
      'Look at part of it with a command such as head, or search it with grep.',
    );
  }
  if (read.bytes.subarray(0, 8192).includes(0)) {
    throw new Problem(
      'invalid_input',
      `${read.path} is no text.`,
      'Look at it with a command such as file or od.',
    );
  }
  return { path: read.path, text: read.bytes.toString('utf8'), size: read.size };
}

/** What is shown of one file at most: more than that, no model reads at once. */
export const mostShownLetters = 120_000;

/** Lines with their numbers, as they are shown to a model; fewer than asked for where they would be too much. */
export function numbered(text: string, offset: number, limit: number, most = mostShownLetters) {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const wanted = lines.slice(offset - 1, offset - 1 + limit);
  const width = String(offset + wanted.length - 1).length;
  const shown: string[] = [];
  let left = most;
  let cut = false;
  for (const [at, line] of wanted.entries()) {
    left -= line.length + width + 2;
    if (left < 0 && shown.length > 0) break;
    cut = line.length > most;
    const part = cut
      ? `${line.slice(0, most).toWellFormed()}… (cut: a line of ${line.length} letters)`
      : line;
    shown.push(`${String(offset + at).padStart(width)}\t${part}`);
  }
  return {
    content: shown.join('\n'),
    total_lines: lines.length,
    offset,
    returned_lines: shown.length,
    truncated: cut || offset - 1 + shown.length < lines.length,
  };
}
