import { Problem } from '../../../shared/problem.ts';

const slash = Buffer.from('/');

export function joined(folder: string | Buffer, path: Buffer): Buffer {
  if (path.length === 0) return Buffer.from(folder);
  return folder.length === 0 ? path : Buffer.concat([Buffer.from(folder), slash, path]);
}

export function parentOf(path: Buffer): Buffer {
  return path.subarray(0, Math.max(0, path.lastIndexOf(0x2f)));
}

/** One spelling for use in maps, whatever bytes a path has. */
export const spelling = (path: Buffer): string => path.toString('latin1');

export const unspelled = (text: string): Buffer => Buffer.from(text, 'latin1');

/**
 * What names a path on the wire: the path itself. Paths that are no UTF-8 are named by their bytes, which no path can
 * be mistaken for, since it begins with a slash.
 */
export function keyOf(path: Buffer): string {
  const text = path.toString();
  return Buffer.from(text).equals(path) ? text : `bytes:${path.toString('hex')}`;
}

export function pathOfKey(key: string): Buffer {
  if (key.startsWith('/')) return Buffer.from(key);
  const [, hex] = /^bytes:((?:[0-9a-f]{2})+)$/.exec(key) ?? [];
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  throw new Problem('invalid_input', `“${key.slice(0, 200)}” is no path.`, 'Name a change as it is listed.');
}
