import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One `.git` inside a grant. Git runs what its configuration and hooks name, so a sandbox must not write those. */
export interface GitPlace {
  /** Mounted onto itself, so that it cannot be renamed away and replaced. */
  readonly git: string;
  /** A file of that name leads to a repository elsewhere: it is then read-only as a whole. */
  readonly type: 'folder' | 'file';
  /** Must be read-only inside it. */
  readonly readOnly: readonly GitSetting[];
}

export interface GitSetting {
  readonly path: string;
  /** What is `missing` would be the sandbox's to make: an empty one stands there instead, which git takes for none. */
  readonly there: 'file' | 'folder' | 'missing';
  readonly type: 'file' | 'folder';
}

export interface GitPlaces {
  readonly places: readonly GitPlace[];
  /** False where the walk met its bounds; what it did not reach is not protected, and the sandbox says so. */
  readonly whole: boolean;
}

export interface WalkBounds {
  readonly folders: number;
  readonly depth: number;
}

/** Breadth first, so that what is near the top is found whatever lies below. */
export const usualBounds: WalkBounds = { folders: 20_000, depth: 12 };

const entriesOf = (folder: string): Promise<Dirent[]> =>
  // What cannot be read holds no repository that git could be run in.
  readdir(folder, { withFileTypes: true }).catch(() => []);

/**
 * Finds every `.git` of a folder without following a link. It may be raced by whoever writes there, so what is
 * mounted is compared afterwards with what was found.
 */
export async function findGitPlaces(folder: string, bounds: WalkBounds = usualBounds): Promise<GitPlaces> {
  const found: GitPlace[] = [];
  let level = [folder];
  let left = bounds.folders;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > bounds.depth || level.length > left) {
      return { places: await withParts(found), whole: false };
    }
    left -= level.length;
    const next: string[] = [];
    for (const [at, entries] of await eachOf(level, entriesOf)) {
      for (const entry of entries) {
        const path = join(at, entry.name);
        if (entry.name === '.git' && (entry.isDirectory() || entry.isFile())) {
          found.push({ git: path, type: entry.isDirectory() ? 'folder' : 'file', readOnly: [] });
        } else if (entry.isDirectory()) next.push(path);
      }
    }
    level = next;
  }
  return { places: await withParts(found), whole: true };
}

/** A few at a time: a wide folder must not open thousands at once. */
async function eachOf<Result>(
  paths: readonly string[],
  look: (path: string) => Promise<Result>,
): Promise<[string, Result][]> {
  const results: [string, Result][] = [];
  for (let at = 0; at < paths.length; at += 32) {
    const some = paths.slice(at, at + 32);
    const looked = await Promise.all(some.map(look));
    results.push(...some.map((path, index): [string, Result] => [path, looked[index] as Result]));
  }
  return results;
}

const withParts = (places: readonly GitPlace[]): Promise<GitPlace[]> =>
  Promise.all(
    places.map(async (place) =>
      place.type === 'file' ? place : { ...place, readOnly: await partsOf(place.git) },
    ),
  );

/** The repository itself, its submodules' repositories and its work trees' own settings. */
async function partsOf(git: string): Promise<GitSetting[]> {
  const parts = await settingsOf(git);
  for (const name of await foldersIn(join(git, 'worktrees'))) {
    parts.push(...(await ifThere(join(name, 'config.worktree'))));
  }
  let modules = await foldersIn(join(git, 'modules'));
  for (let depth = 0; modules.length > 0 && depth < 8; depth += 1) {
    const deeper: string[] = [];
    for (const module of modules) {
      // A submodule's name may have slashes: then there are plain folders on the way to its repository.
      if ((await ifThere(join(module, 'HEAD'))).length > 0) parts.push(...(await settingsOf(module)));
      else deeper.push(...(await foldersIn(module)));
      deeper.push(...(await foldersIn(join(module, 'modules'))));
    }
    modules = deeper;
  }
  return parts;
}

const foldersIn = async (folder: string): Promise<string[]> =>
  (await entriesOf(folder)).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));

async function setting(path: string, type: 'file' | 'folder'): Promise<GitSetting> {
  const facts = await lstat(path).catch(() => undefined);
  const there = facts?.isDirectory() ? 'folder' : facts?.isFile() ? 'file' : 'missing';
  return { path, there, type: there === 'missing' ? type : there };
}

const ifThere = async (path: string): Promise<GitSetting[]> =>
  [await setting(path, 'file')].filter(({ there }) => there !== 'missing');

const settingsOf = async (repository: string): Promise<GitSetting[]> => [
  await setting(join(repository, 'config'), 'file'),
  await setting(join(repository, 'hooks'), 'folder'),
  ...(await ifThere(join(repository, 'config.worktree'))),
];
