import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';

export interface ChangedFile {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'removed' | 'mode';
  readonly untracked: boolean;
  readonly added: number | null;
  readonly removed: number | null;
}

export interface MadeCommit {
  readonly commit: string;
  readonly subject: string;
  readonly author: string;
  readonly time: string;
}

/** What was collected, as it is kept; its patch lies beside it, and its commits in a bundle. */
export interface KeptChanges {
  readonly format: 1;
  readonly base: string;
  readonly head: string;
  /** With what was not committed; where everything was, the same as `head`. */
  readonly last: string;
  readonly count: number;
  readonly commits: readonly MadeCommit[];
  /** In the order of the patch. */
  readonly files: readonly ChangedFile[];
}

const keptSchema = () =>
  z.object({
    format: z.literal(1),
    base: z.string(),
    head: z.string(),
    last: z.string(),
    count: z.number(),
    commits: z.array(
      z.object({ commit: z.string(), subject: z.string(), author: z.string(), time: z.string() }),
    ),
    files: z.array(
      z.object({
        path: z.string(),
        kind: z.enum(['added', 'modified', 'removed', 'mode']),
        untracked: z.boolean(),
        added: z.number().nullable(),
        removed: z.number().nullable(),
      }),
    ),
  });

export const keptFiles = (folder: string) => ({
  changes: join(folder, 'changes.json'),
  patch: join(folder, 'changes.patch'),
  bundle: join(folder, 'commits.bundle'),
});

export async function writeChanges(folder: string, changes: KeptChanges): Promise<void> {
  await writeFile(keptFiles(folder).changes, JSON.stringify(changes), { flag: 'wx', mode: 0o600 });
}

export async function readChanges(folder: string): Promise<KeptChanges> {
  try {
    return keptSchema().parse(JSON.parse(await readFile(keptFiles(folder).changes, 'utf8')));
  } catch (thrown) {
    throw new Problem('not_found', 'What it changed is no longer there.', undefined, { cause: thrown });
  }
}

const mostShown = 16 << 20;
const begin = Buffer.from('diff --git ');

/** The whole patch, or the part of one file; null where it cannot be shown, with why. */
export async function patchText(
  folder: string,
  path: string | null,
): Promise<{ text: string | null; why: string | null }> {
  const { files } = await readChanges(folder);
  const place = keptFiles(folder).patch;
  if (path === null) {
    const { size } = await stat(place);
    return size > mostShown ? tooLarge(size) : shown(await readFile(place));
  }
  const at = files.findIndex((file) => file.path === path);
  if (at < 0)
    throw new Problem('not_found', `“${path}” did not change.`, 'List what did, and name one of it.');
  const part = await partOf(place, at);
  return part === null ? tooLarge(mostShown) : shown(part);
}

const tooLarge = (bytes: number) => ({
  text: null,
  why: `it is too large to be shown (${Math.ceil(bytes / 2 ** 20)} MiB)`,
});

function shown(bytes: Buffer): { text: string | null; why: string | null } {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes)
    ? { text, why: null }
    : { text: null, why: 'it has lines that are no UTF-8; it can be applied all the same' };
}

/** The nth file's part: only the first line of each begins with these words, those of its content with a mark. */
async function partOf(place: string, nth: number): Promise<Buffer | null> {
  const file = await open(place, 'r');
  try {
    let count = -1;
    const kept: Buffer[] = [];
    let bytes = 0;
    for await (const line of linesOf(file)) {
      if (line.subarray(0, begin.length).equals(begin)) count++;
      if (count > nth) break;
      if (count < nth) continue;
      bytes += line.length;
      if (bytes > mostShown) return null;
      kept.push(line);
    }
    return Buffer.concat(kept);
  } finally {
    await file.close();
  }
}

async function* linesOf(file: Awaited<ReturnType<typeof open>>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    let from = 0;
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
      yield all.subarray(from, end + 1);
      from = end + 1;
    }
    rest = all.subarray(from);
    // A line of a binary file may be as long as that: it belongs to one part, whole.
    if (rest.length > mostShown) {
      yield rest;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield rest;
}
