import { dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { findGitPlaces, type GitPlace } from './git-places.ts';
import { makeMissing } from './make-missing.ts';
import { isWithin } from './within.ts';

const mostPlaces = 1000;
const bounds = { folders: 100_000, depth: 40 };

/**
 * The folders between a grant and what is protected in it. Each is mounted onto itself, for a folder that holds a
 * mount can still be renamed, and another one put in its place; a mount cannot.
 */
export function chainTo(grant: string, path: string): string[] {
  const folders: string[] = [];
  for (let at = dirname(path); at !== grant && isWithin(at, grant); at = dirname(at)) folders.push(at);
  return folders;
}

/** Every repository of a writable grant, or a refusal: one that was not found would not be protected. */
export async function repositoriesOf(grant: string): Promise<readonly GitPlace[]> {
  if (grant.split('/').includes('.git')) {
    throw new Problem(
      'forbidden',
      `${grant} lies in a Git repository's own folder, where hooks and configuration are.`,
      'Give the folder that the repository is for, or this one read-only or under review.',
    );
  }
  const { places, whole } = await findGitPlaces(grant, bounds);
  if (whole && places.length <= mostPlaces) return places;
  throw new Problem(
    'forbidden',
    `${grant} is too large to find every Git repository in it, so their hooks cannot be kept from being written.`,
    'Give a smaller folder, or this one read-only or under review.',
  );
}

/** What is mounted onto itself for one repository, each within those before it. */
export interface RepositoryMounts {
  /** Kept where they are. */
  readonly held: readonly string[];
  readonly readOnly: readonly string[];
}

/** Makes a repository ready for its mounts: what a sandbox could make in it is made. */
export async function mountsOf(
  grant: string,
  { git, type, readOnly }: GitPlace,
  account: { readonly uid: number; readonly gid: number },
): Promise<RepositoryMounts> {
  const other = type === 'link' ? git : readOnly.find(({ there }) => there === 'other')?.path;
  if (other !== undefined) {
    throw new Problem(
      'forbidden',
      `${other} is a link or of no ordinary kind, so it cannot be kept from being replaced.`,
      'Put the file or folder itself there, or give its folder read-only or under review.',
    );
  }
  const above = chainTo(grant, git).toReversed();
  if (type === 'file') return { held: above, readOnly: [git] };
  const paths: string[] = [];
  for (const setting of readOnly) {
    if (setting.there !== 'missing' || (await makeMissing(setting, account))) paths.push(setting.path);
  }
  const held = new Set([...above, git, ...paths.flatMap((path) => chainTo(grant, path).toReversed())]);
  return { held: [...held].filter((path) => !paths.includes(path)), readOnly: paths };
}
