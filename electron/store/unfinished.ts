import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../base/private-files.ts';

/** Names that carry twelve random digits are of files and folders that their maker renames or removes. */
const halfMade = /^(.+\.[0-9a-f]{12}\.new|restore-[0-9a-f]{12}|open-[0-9a-f]{12}\.html)$/;
const elsewhere = /^unfinished-([0-9a-f]{12})$/;

/** What a backup makes beside its destination until it is whole. */
export interface Unfinished {
  readonly copy: string;
  readonly packed: string;
  remove(): Promise<void>;
}

/**
 * Names for what is half made beside a destination. The data folder knows of them as long as they may be there,
 * so that the next start removes them where this one is killed.
 */
export async function unfinishedBeside(destination: string, data: string): Promise<Unfinished> {
  const digits = randomBytes(6).toString('hex');
  const begin = `${destination}.${digits}`;
  const known = join(data, `unfinished-${digits}`);
  await writePrivateFile(known, begin).catch(() => {
    // A full disk under the record is one of the reasons for a backup to another one: it must not need room here.
  });
  return {
    copy: `${begin}.copy`,
    packed: `${begin}.new`,
    remove: async () => {
      await removeBeside(begin);
      await rm(known, { force: true });
    },
  };
}

async function removeBeside(begin: string): Promise<void> {
  for (const end of ['.copy', '.copy-journal', '.copy-wal', '.copy-shm', '.new'])
    await rm(`${begin}${end}`, { force: true });
}

/** Removes what a life that was cut off left half made. Called under the instance lock, so nobody is at work on it. */
export async function removeUnfinished(data: string): Promise<void> {
  for (const name of await readdir(data)) {
    const path = join(data, name);
    const digits = elsewhere.exec(name)?.[1];
    if (halfMade.test(name)) await rm(path, { recursive: true, force: true });
    if (digits === undefined) continue;
    const begin = await readFile(path, 'utf8');
    // A disk that is not there now is not waited for.
    if (begin.endsWith(`.${digits}`)) await removeBeside(begin).catch(() => undefined);
    await rm(path, { force: true });
  }
}
