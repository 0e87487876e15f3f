import { realpath, stat } from 'node:fs/promises';
import type { Ceiling } from '../../../shared/run.ts';

/**
 * The ceiling with its folders by where they really lie. Rights hold for real places: a part that was told of a link
 * would be refused what the link leads to.
 */
export async function realCeiling(ceiling: Ceiling): Promise<{ ceiling: Ceiling; problems: string[] }> {
  const problems: string[] = [];
  const folders: Ceiling['folders'] = [];
  for (const folder of ceiling.folders) {
    const path = await realFolder(folder.path);
    if (path === null) problems.push(`There is no folder ${folder.path} that could be looked into.`);
    folders.push({ ...folder, path: path ?? folder.path });
  }
  return { ceiling: { ...ceiling, folders }, problems };
}

/** Where a folder really lies; null where there is none. */
export async function realFolder(written: string): Promise<string | null> {
  try {
    const path = await realpath(written);
    return (await stat(path)).isDirectory() ? path : null;
  } catch {
    return null;
  }
}
