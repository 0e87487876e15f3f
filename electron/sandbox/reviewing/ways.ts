import type { KeptFolder } from './kept-folder.ts';

/** Says how the sandbox's own version of a folder was made. */
export const inWords: Readonly<Record<KeptFolder['way'], (path: string) => string>> = {
  overlay: (path) => `works on an overlay of ${path}; nothing was copied`,
  clone: (path) => `works on a clone of ${path}, which shares what is not changed`,
  copy: (path) => `works on a whole copy of ${path}: no overlay and no clone can be made here`,
};

/** The same of one that is only read, as others have changed it. */
export const readInWords = (path: string) => `reads ${path} as it was changed under review`;
