import type { FolderWish } from '../../shared/session.ts';

/** The folders that were named, or why one of them is none. */
export function readFolders(lines: readonly FolderWish[]): { folders: FolderWish[]; wrong?: string } {
  const folders = lines
    .filter(({ path }) => path.trim() !== '')
    .map(({ path, mode }) => ({ path: path.trim(), mode }));
  return folders.some(({ path }) => !path.startsWith('/'))
    ? { folders, wrong: 'A folder’s whole path begins with “/”.' }
    : { folders };
}
