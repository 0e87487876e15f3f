import { closeSync, constants, openSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import type { OwnFolder } from '../../sandbox/sandbox.ts';

/** Whose what sandboxes write is to be; null: our own. */
export type SandboxAccount = () => Promise<{ readonly uid: number; readonly gid: number } | null>;

const pathOnly = 0o10_000_000;

/** A new folder for sandboxes to write in, that nobody else reads. */
export async function makeGiven(path: string, account: SandboxAccount): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  const owner = await account();
  if (owner) await chown(path, owner.uid, owner.gid);
}

/** Files below a folder of ours that sandboxes read and nobody writes. */
export async function writeGiven(
  folder: string,
  files: readonly { readonly path: readonly string[]; readonly bytes: Uint8Array }[],
): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const { path, bytes } of files) {
    let at = folder;
    for (const name of path.slice(0, -1)) {
      at = `${at}/${name}`;
      await mkdir(at, { mode: 0o755, recursive: true });
      await chmod(at, 0o755);
    }
    const file = `${at}/${path.at(-1)}`;
    await writeFile(file, bytes, { flag: 'wx', mode: 0o444 });
    await chmod(file, 0o444);
  }
  await chmod(folder, 0o755);
}

/** Held open until `close`; what stands inside is what was opened. */
export function openOwn(folders: readonly Omit<OwnFolder, 'fd'>[]): {
  readonly own: readonly OwnFolder[];
  close(): void;
} {
  const own: OwnFolder[] = [];
  const fds: number[] = [];
  const close = () => {
    for (const fd of fds.splice(0)) closeSync(fd);
  };
  try {
    for (const folder of folders) {
      const fd = openSync(folder.path, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      fds.push(fd);
      own.push({ ...folder, fd });
    }
    return { own, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}
