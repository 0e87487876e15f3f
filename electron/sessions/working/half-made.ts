import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '../../base/remove-tree.ts';

/** How the name of a mirror ends while it is being made. */
export const halfMade = '.part';

export const mirrorsFolder = (data: string) => join(data, 'mirrors');

/** Mirrors that a killed life was making. */
export async function removeHalfMade(data: string): Promise<string[]> {
  const folder = mirrorsFolder(data);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.endsWith(halfMade)).map((name) => join(folder, name));
  for (const path of left) await removeTree(path);
  return left;
}
