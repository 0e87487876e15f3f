import { posix } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';

export const pathInput = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'holds a NUL')
  .describe('A whole path, or one relative to the session’s folder');

/** As a whole path, as text: where it really leads is found out when it is opened. */
export function wholePath(path: string, folder: string | null): string {
  if (posix.isAbsolute(path)) return posix.normalize(path);
  if (folder !== null) return posix.join(folder, path);
  throw new Problem(
    'invalid_input',
    `“${path}” is relative, and the session has no folder.`,
    'Give a whole path.',
  );
}

/** The same for what is only told beforehand: where that cannot be said, the path as it is. */
export function intendedPath(path: string, folder: string | null): string {
  return folder === null && !posix.isAbsolute(path) ? path : wholePath(path, folder);
}
