import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitSetting, settingsIn } from './git-settings.ts';

/** One `.git` inside a grant. Git runs what its configuration and hooks name, so a sandbox must not write those. */
export interface GitPlace {
  /** Mounted onto itself, so that it cannot be renamed away and replaced. */
  readonly git: string;
  /** A file of that name leads to a repository elsewhere: it is then read-only as a whole. */
  readonly type: 'folder' | 'file' | 'link';
  /** Must be read-only inside it. */
  readonly readOnly: readonly GitSetting[];
}

export interface GitPlaces {
  readonly places: readonly GitPlace[];
  /** False where the walk met its bounds; what it did not reach could not be protected. */
  readonly whole: boolean;
}

export interface WalkBounds {
  readonly folders: number;
  readonly depth: number;
}

const entriesOf = (folder: string): Promise<Dirent[]> =>
  // What cannot be read holds no repository that git could be run in.
  readdir(folder, { withFileTypes: true }).catch(() => []);

/**
 * Finds every `.git` of a folder without following a link, breadth first. It may be raced by whoever writes there, so what is
 * mounted is compared afterwards with what was found.
 */
export async function findGitPlaces(folder: string, bounds: WalkBounds): Promise<GitPlaces> {
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
        const type = entry.name === '.git' ? typeOf(entry) : undefined;
        if (type) found.push({ git: path, type, readOnly: [] });
        else if (entry.isDirectory()) next.push(path);
      }
    }
    level = next;
  }
  return { places: await withParts(found), whole: true };
}

const typeOf = (entry: Dirent): GitPlace['type'] | undefined =>
  entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : undefined;

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
      place.type === 'folder' ? { ...place, readOnly: await settingsIn(place.git) } : place,
    ),
  );
