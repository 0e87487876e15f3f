import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';

/** The names that lead to a file of a skill; refused where they could lead out of it. */
export function partsOf(file: string): string[] {
  const parts = file.split('/');
  const odd = parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part));
  if (!odd && file.length <= 1024) return parts;
  throw new Problem(
    'invalid_input',
    `“${file.slice(0, 200)}” is no file of a skill.`,
    'Give its path below the skill’s folder, without “..”.',
  );
}

/** Reads one file below a folder. No part of its way may be a link, and it is read as what it was when opened. */
export async function readInside(folder: string, file: string, most: number): Promise<Buffer> {
  const parts = partsOf(file);
  let at = await realpath(folder);
  for (const [i, part] of parts.entries()) {
    at = join(at, part);
    const facts = await lstat(at).catch(() => null);
    const fits = i === parts.length - 1 ? facts?.isFile() : facts?.isDirectory();
    if (!facts) throw new Problem('not_found', `There is no file ${file}.`);
    if (!fits) throw new Problem('forbidden', `${file} leads through a link, or is no file.`);
  }
  const handle = await open(at, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    // Between looking and opening a folder of its way may have become a link.
    if ((await realpath(at)) !== at) throw new Problem('forbidden', `${file} leads out of its folder.`);
    const facts = await handle.stat();
    if (!facts.isFile()) throw new Problem('forbidden', `${file} is no file.`);
    const bytes = Buffer.alloc(Math.min(facts.size, most) + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    if (facts.size > most || bytesRead > most) {
      throw new Problem('too_large', `${file} has more than ${most.toLocaleString('en')} bytes.`);
    }
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** As text; what is not UTF-8 is refused. */
export function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid_input', `${file} is no text in UTF-8.`);
  }
}
