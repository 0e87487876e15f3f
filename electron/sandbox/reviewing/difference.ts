import { createTwoFilesPatch } from 'diff';
import type { ComparedFolder } from './compared-folder.ts';
import type { FoundChange } from './found-change.ts';

export interface Difference {
  readonly text: string | null;
  readonly why: string | null;
}

const mostBytes = 1 << 20;
const mostText = 2_000_000;
/** Comparing two texts that have little in common takes time that grows with the square of their difference. */
const mostEdits = 4000;
const patience = 2000;

const none = (why: string): Difference => ({ text: null, why });

function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  const text = bytes.toString();
  return Buffer.byteLength(text) === bytes.length && !text.includes('\uFFFD') ? text : null;
}

async function side(folder: ComparedFolder, path: Buffer | null): Promise<string | Difference> {
  if (path === null) return '';
  const { bytes, size } = await folder.files.read(path, { most: mostBytes });
  if (size > mostBytes) return none('It is larger than 1 MiB.');
  return textOf(bytes) ?? none('It is no text.');
}

/** One change as lines, or why it has none. */
export async function differenceOf(folder: ComparedFolder, change: FoundChange): Promise<Difference> {
  const { before, after, path, kind, target } = change;
  const name = folder.original(path).toString();
  if (kind === 'mode') return none(`Its mode changes from ${octal(before?.mode)} to ${octal(after?.mode)}.`);
  if (after?.type === 'link') return none(`It is a link to “${target?.toString() ?? ''}”.`);
  if (after !== null && after.type !== 'file') return none('It is no file.');
  if (after === null && before?.type !== 'file') return none('It is no file.');
  const old = await side(folder, before?.type === 'file' ? folder.original(path) : null);
  const now = await side(folder, after === null ? null : folder.changed(path));
  if (typeof old !== 'string') return old;
  if (typeof now !== 'string') return now;
  const text = createTwoFilesPatch(
    before === null ? '/dev/null' : name,
    after === null ? '/dev/null' : name,
    old,
    now,
    undefined,
    undefined,
    { context: 3, maxEditLength: mostEdits, timeout: patience },
  );
  if (text === undefined) return none('The two have too little in common to be shown line by line.');
  return text.length > mostText ? none('The difference is too long to be shown.') : { text, why: null };
}

const octal = (mode = 0): string => (mode & 0o777).toString(8).padStart(3, '0');
