import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '../../shared/problem.ts';

/** Makes a folder that only this account may enter. One that was there is left as it is: `doctor` says where it is too open. */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (failure) {
    throw folderProblem(folder, failure);
  }
}

function folderProblem(folder: string, failure: unknown): Problem {
  const { code, message } = failure as NodeJS.ErrnoException;
  const other = 'choose another folder with --data';
  const [reason, mend] =
    code === 'EEXIST' || code === 'ENOTDIR'
      ? ['there is a file in its place', `Move that file away, or ${other}.`]
      : code === 'ENAMETOOLONG'
        ? ['its name is too long', 'Choose a shorter one with --data.']
        : code === 'ENOSPC'
          ? ['the disk is full', `Free some space, or ${other}.`]
          : [message, `Give this account the right to write there, or ${other}.`];
  const full = code === 'ENOSPC' ? 'storage_full' : 'storage_failed';
  return new Problem(full, `The folder ${folder} cannot be made: ${reason}.`, mend, { cause: failure });
}

/** Writes a file that only this account may read, complete or not at all, and durable when it returns. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (failure) {
    await rm(temporary, { force: true });
    throw failure;
  }
  await syncFolder(dirname(path));
}

/** A rename is durable only when its folder is; Windows knows no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
