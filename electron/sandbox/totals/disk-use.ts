import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What the folders take on the disk, counted until it is more than `enough`. */
export async function diskUse(folders: readonly string[], enough: number): Promise<number | 'unreadable'> {
  let bytes = 0;
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined && bytes <= enough; folder = waiting.pop()) {
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code === 'ENOENT') continue;
      return 'unreadable';
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      // What is gone again takes nothing.
      const facts = await lstat(path).catch(() => undefined);
      // An entry of its own costs as well, even where nothing is in it.
      bytes += 256 + (facts?.blocks ?? 0) * 512;
    }
  }
  return bytes;
}
