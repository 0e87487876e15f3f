/** What stands, in a declaration, for each folder that a session is given. */
export const folderWord = '$folder';

/** No real path: what the word is read as until a session names its folders. */
const place = '/.folder-of-the-session';

/** For the grammar, which knows whole paths only. */
export function withoutFolder(written: unknown): unknown {
  if (typeof written === 'string') return written.replaceAll(folderWord, place);
  if (Array.isArray(written)) return written.map(withoutFolder);
  if (typeof written !== 'object' || written === null) return written;
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, withoutFolder(value)]));
}

export function withFolderWord(canonical: string): string {
  return canonical.replaceAll(place, folderWord);
}

export function withFolder(canonical: string, folder: string): string {
  return canonical.replaceAll(folderWord, folder);
}
