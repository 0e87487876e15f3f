import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Of a schema, or of what a protocol says. */
export const mostFileBytes = 1_048_576;

export type FileWithin =
  { readonly text: string; readonly problem: null } | { readonly text: null; readonly problem: string };

/** A file’s text, read only where it really lies in the folder: a link that leads out is not followed. */
export async function readWithin(folder: string, path: string): Promise<FileWithin> {
  const no = (problem: string): FileWithin => ({ text: null, problem });
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!real.startsWith(`${root}${sep}`)) return no('It leads out of the folder.');
    // A pipe would be waited for without end.
    const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return no('It is no file.');
      if (facts.size > mostFileBytes)
        return no(`It is larger than ${mostFileBytes.toLocaleString('en')} bytes.`);
      const bytes = await file.readFile();
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), problem: null };
    } finally {
      await file.close();
    }
  } catch (failure) {
    if (failure instanceof TypeError) return no('It is not written in UTF-8.');
    const { code } = failure as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return no('There is no such file.');
    return no(`It cannot be read: ${(failure as Error).message}.`);
  }
}
