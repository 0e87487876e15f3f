import { randomBytes } from 'node:crypto';
import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';

const slash = Buffer.from('/');
const below = (folder: Buffer, name: Buffer) => Buffer.concat([folder, slash, name]);

/**
 * Removes a folder of ours in which others could write while they lived: with folders closed to their owner, names
 * that are no text, and deeper than any path may be. Folders are brought up to the top before they are emptied, so
 * that no path gets long. Follows no link.
 */
export async function removeTree(path: string): Promise<void> {
  const top = Buffer.from(path);
  const facts = await lstat(top).catch(ifThere);
  if (facts === undefined) return;
  if (!facts.isDirectory()) {
    await unlink(top);
    return;
  }
  const mark = randomBytes(8).toString('hex');
  let count = 0;
  const freeName = () => below(top, Buffer.from(`${mark}-${count++}`));
  const remove = async (folder: Buffer) => {
    for (const deeper of await emptied(folder)) {
      await chmod(deeper, 0o700);
      await rename(deeper, freeName());
    }
    await rmdir(folder);
  };
  for (let folders = await emptied(top); folders.length > 0; folders = await emptied(top)) {
    await someAtATime(8, folders, remove);
  }
  await rmdir(top);
}

/** Removes all that a folder holds but its own folders, which are told. */
async function emptied(folder: Buffer): Promise<Buffer[]> {
  await chmod(folder, 0o700);
  const folders: Buffer[] = [];
  const files: Buffer[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    (entry.isDirectory() ? folders : files).push(below(folder, entry.name));
  }
  await someAtATime(64, files, unlink);
  return folders;
}

/** Most of what one takes is the way to the disk's thread and back. */
async function someAtATime(most: number, paths: readonly Buffer[], work: (path: Buffer) => Promise<void>) {
  for (let at = 0; at < paths.length; at += most) {
    await Promise.all(paths.slice(at, at + most).map((path) => work(path)));
  }
}

function ifThere(failure: unknown): undefined {
  if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
}
