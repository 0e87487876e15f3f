import { randomBytes } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** How the name of a mirror ends while it is being made. */
export const halfMade = '.part';

export const mirrorsFolder = (data: string) => join(data, 'mirrors');

/**
 * Puts mirrors aside that a killed life was making, so that this one may make them; removing them takes longer. Those
 * that were put aside before are among them.
 */
export async function putAsideHalfMade(data: string): Promise<string[]> {
  const folder = mirrorsFolder(data);
  const names = await readdir(folder).catch(() => []);
  const aside = names
    .filter((name) => name.endsWith(halfMade))
    .map(async (name) => {
      const path = join(folder, `${randomBytes(6).toString('hex')}${halfMade}`);
      await rename(join(folder, name), path);
      return path;
    });
  return Promise.all(aside);
}
