import { fstatSync } from 'node:fs';
import { posix } from 'node:path';
import { isPathPattern } from '../../../shared/capability/path-pattern.ts';
import { Problem } from '../../../shared/problem.ts';
import type { FolderMode, FolderWish } from '../../../shared/session.ts';
import type { OpenPath, PathOpener } from '../../capabilities/open-path.ts';
import { refuseKernelFolder } from './wish-check.ts';

/** A folder that was opened, by where it really lies. */
export interface OpenFolder {
  readonly path: string;
  /** Another place inside than its own. */
  readonly at?: string | undefined;
  readonly mode: FolderMode;
  readonly opened: OpenPath;
}

/** Opens each folder of a wish. Whoever calls closes them; what was opened is closed again where one is refused. */
export function openFolders(
  open: PathOpener,
  wishes: readonly FolderWish[],
  ownPlaces: readonly string[],
): OpenFolder[] {
  const folders: OpenFolder[] = [];
  try {
    for (const wish of wishes) folders.push(openFolder(open, wish, ownPlaces));
    refuseTwice(folders);
    return folders;
  } catch (thrown) {
    closeFolders(folders);
    throw thrown;
  }
}

export function closeFolders(folders: readonly OpenFolder[]): void {
  for (const { opened } of folders) opened.close();
}

/** Whether a path is a folder or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

function openFolder(open: PathOpener, { path, mode }: FolderWish, ownPlaces: readonly string[]): OpenFolder {
  const opened = open(path, { countNames: true });
  try {
    const real = opened.path.toString();
    if (opened.missing.length > 0) {
      throw new Problem(
        'not_found',
        `There is no folder ${path}.`,
        'Make it first, or look at the spelling.',
      );
    }
    if (!fstatSync(opened.fd).isDirectory()) {
      throw new Problem(
        'invalid_input',
        `${path} is no folder.`,
        'Grant the folder that it lies in: programs save by renaming.',
      );
    }
    if (!isPathPattern(`${real}/*`) || Buffer.from(real).toString('latin1') !== opened.path.bytes) {
      throw new Problem(
        'invalid_input',
        `${real} cannot be granted: its name has a “*”, or letters that cannot be shown.`,
        'Give the folder another name.',
      );
    }
    refuseKernelFolder(real);
    const own = ownPlaces.find((place) => isWithin(real, place));
    if (own !== undefined) {
      throw new Problem(
        'forbidden',
        `${real} is one of Holdfast’s own places (${own}) and is never granted.`,
        'Grant another folder.',
      );
    }
    return { path: real, mode, opened };
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}

function refuseTwice(folders: readonly OpenFolder[]): void {
  const seen = new Set<string>();
  for (const { path } of folders) {
    if (seen.has(path)) {
      throw new Problem(
        'invalid_input',
        `${path} is granted twice.`,
        'Name each folder once, with one mode.',
      );
    }
    seen.add(path);
  }
}

/** What was granted is where it was; a link that leads elsewhere now is another folder. */
export function refuseMoved(
  given: readonly Pick<FolderWish, 'path'>[],
  opened: readonly Pick<FolderWish, 'path'>[],
): void {
  for (const [i, { path }] of opened.entries()) {
    if (path === given[i]?.path) continue;
    throw new Problem(
      'conflict',
      `${given[i]?.path} leads to ${path} now, which was not given to this session.`,
      'Put the folder back, or open a session with the other one.',
    );
  }
}

/** Where a command begins, as a real path; refused where the sandbox has no such place. */
export function workingFolder(
  open: PathOpener,
  { cwd, image }: { cwd: string | null; image: string | null },
  folders: readonly OpenFolder[],
): string | null {
  // What an image holds is known to its engine alone.
  if (cwd === null || image !== null) return cwd;
  const plain = posix.normalize(cwd);
  if (plain === '/tmp') return plain;
  const opened = open(cwd);
  const real = opened.path.toString();
  const there = opened.missing.length === 0 && fstatSync(opened.fd).isDirectory();
  opened.close();
  if (there && folders.some(({ path }) => isWithin(real, path))) return real;
  throw new Problem(
    'invalid_input',
    there ? `${cwd} lies in no folder that is granted.` : `There is no folder ${cwd}.`,
    'Begin in a granted folder, or leave the place out.',
  );
}
