import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inside, madeUpFiles } from '../inside/made-up-files.ts';
import type { InsideUser } from './inside-user.ts';

/** Files that are made for one container and mounted into it, all read-only there. */
export interface Scratch {
  readonly made: Readonly<Record<string, string>>;
  readonly emptyFile: string;
  readonly emptyFolder: string;
}

/** `own`: the image is made of this machine's system, and has no accounts of its own. */
export async function makeScratch(
  folder: string,
  user: InsideUser,
  own: boolean,
  home: string = inside.home,
): Promise<Scratch> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const emptyFile = join(folder, scratchMark);
  const emptyFolder = join(folder, 'empty-folder');
  await Promise.all([writeFile(emptyFile, ''), mkdir(emptyFolder, { recursive: true })]);
  await Promise.all([chmod(emptyFile, 0o444), chmod(emptyFolder, 0o555)]);
  if (!own) return { made: {}, emptyFile, emptyFolder };
  const files = Object.entries({ ...madeUpFiles, ...accounts(user, home) });
  const made = await Promise.all(
    files.map(async ([name, text]) => {
      const path = join(folder, name);
      await writeFile(path, text);
      await chmod(path, 0o444);
      return [`/etc/${name}`, path] as const;
    }),
  );
  return { made: Object.fromEntries(made), emptyFile, emptyFolder };
}

/** A container keeps the account's number, so its name inside has to bear that number. */
function accounts({ uid, gid }: InsideUser, home: string): Record<string, string> {
  const name = home.slice(home.lastIndexOf('/') + 1);
  const account = `${name}:x:${uid}:${gid}:${name}:${home}:/bin/sh`;
  const known = uid === 0 ? [account] : ['root:x:0:0:root:/root:/bin/sh', account];
  const nobody = uid === 65_534 ? [] : ['nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin'];
  const groups = gid === 0 ? [] : ['root:x:0:'];
  return {
    passwd: `${[...known, ...nobody].join('\n')}\n`,
    group: `${[...groups, `${name}:x:${gid}:`, ...(gid === 65_534 ? [] : ['nogroup:x:65534:'])].join('\n')}\n`,
  };
}

/** Tells the scratch of a container from that of another sandbox. */
export const scratchMark = 'empty-file';

export const removeScratch = (folder: string) => rm(folder, { recursive: true, force: true });
