import { readFileSync } from 'node:fs';
import { isWithin } from './within.ts';

/** One mount: the part `root` of the file system on `device` stands at `at`. */
interface Mount {
  readonly device: string;
  readonly root: string;
  readonly at: string;
}

/** The kernel writes blanks, tabs, line ends and backslashes as three octal digits. */
const unescaped = (field: string) =>
  field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length >= 6)
    .map(([, , device = '', root = '', at = '']) => ({ device, root: unescaped(root), at: unescaped(at) }));
}

/** The kernel writes it as it is read: no disk is waited for. */
export const readMounts = (): Mount[] => parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));

const joined = (folder: string, rest: string) => `${folder === '/' ? '' : folder}${rest}` || '/';
const below = (path: string, folder: string) => (folder === '/' ? path : path.slice(folder.length));

/**
 * Every other path at which the same thing or a part of it stands, because its file system is mounted more than
 * once. A later mount may hide some of them: one path too many does no harm.
 */
export function otherNames(path: string, mounts: readonly Mount[]): string[] {
  const over = mounts.filter(({ at }) => isWithin(path, at));
  const holder = over.reduce<Mount | undefined>(
    (best, each) => (best && best.at.length > each.at.length ? best : each),
    undefined,
  );
  if (!holder) return [];
  const inside = joined(holder.root, path === holder.at ? '' : joined('', below(path, holder.at)));
  return mounts
    .filter(({ device }) => device === holder.device)
    .flatMap(({ root, at }) => {
      if (isWithin(inside, root)) return [joined(at, inside === root ? '' : below(inside, root))];
      return isWithin(root, inside) ? [at] : [];
    })
    .filter((name) => name !== path);
}
