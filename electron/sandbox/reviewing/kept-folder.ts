import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';

/**
 * What a session under review keeps, below its `kept` folder:
 *
 *     kept.json            this description, written before the sandbox starts
 *     0/upper  0/work      an overlay's own layers, for the first folder under review
 *     1/copy   1/names     a clone or copy, and what the original held when it was made
 *
 * `names` has the path of every entry of the original, below it, each ended by a NUL byte: paths need not be UTF-8.
 */
const keptFolderSchema = z.strictObject({
  /** The original's real path, which is also where the sandbox sees its own version. */
  path: z.string().startsWith('/'),
  /** Which folder that was: another one at the same path is not compared with it. */
  device: z.string().regex(/^\d+$/),
  inode: z.string().regex(/^\d+$/),
  way: z.enum(['overlay', 'clone', 'copy']),
  /** Its folder below `kept`. */
  place: z.string().regex(/^\d{1,3}$/),
  /** The file system's own time when the session began, in nanoseconds: a later ctime means a later change. */
  startedNs: z.string().regex(/^\d+$/),
  /** The same when the copying was done; null for an overlay. */
  copiedNs: z.string().regex(/^\d+$/).nullable(),
});
export type KeptFolder = z.infer<typeof keptFolderSchema>;

const keptSchema = z.strictObject({ version: z.literal(1), folders: z.array(keptFolderSchema).max(50) });

const description = 'kept.json';

/** The paths of one kept folder's parts. */
export function partsOf(kept: string, { place }: Pick<KeptFolder, 'place'>) {
  const own = join(kept, place);
  return {
    own,
    upper: join(own, 'upper'),
    work: join(own, 'work'),
    copy: join(own, 'copy'),
    names: join(own, 'names'),
  };
}

export async function writeKept(kept: string, folders: readonly KeptFolder[]): Promise<void> {
  const whole = keptSchema.parse({ version: 1, folders });
  const beside = join(kept, `${description}.new`);
  await writeFile(beside, `${JSON.stringify(whole)}\n`, { mode: 0o600, flush: true });
  await rename(beside, join(kept, description));
}

/** The folders a session kept; none where nothing was under review. */
export async function readKept(kept: string): Promise<readonly KeptFolder[]> {
  let text: string;
  try {
    text = await readFile(join(kept, description), 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw thrown;
  }
  try {
    return keptSchema.parse(JSON.parse(text)).folders;
  } catch (thrown) {
    throw new Problem('storage_failed', `What a review kept at ${kept} cannot be read.`, undefined, {
      cause: thrown,
    });
  }
}

/**
 * What an earlier sandbox of the same session kept of this very folder, to be gone on with; undefined: there was none.
 * Another folder at the same path is refused: what was kept says nothing of it.
 */
export function keptBefore(
  kept: readonly KeptFolder[],
  { path, dev, ino }: { readonly path: string; readonly dev: bigint; readonly ino: bigint },
): KeptFolder | undefined {
  const before = kept.find((folder) => folder.path === path);
  if (!before || (before.device === String(dev) && before.inode === String(ino))) return before;
  throw new Problem(
    'conflict',
    `${path} is not the folder any more that was put under review.`,
    'Put the folder back where it was, or end the session.',
  );
}

/** A name below `kept` that nothing bears yet. */
export function freePlace(kept: readonly KeptFolder[]): string {
  return String(kept.reduce((most, { place }) => Math.max(most, Number(place) + 1), 0));
}

/**
 * The time by which the file system of this folder stamps a change made now. The clock’s own may be ahead of it by
 * a few milliseconds, and a change in between would look older than it is.
 */
export async function fileSystemTime(folder: string): Promise<bigint> {
  const mark = join(folder, '.mark');
  await writeFile(mark, '', { mode: 0o600 });
  try {
    return (await stat(mark, { bigint: true })).ctimeNs;
  } finally {
    await unlink(mark);
  }
}
