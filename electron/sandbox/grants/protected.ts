import { dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { findGitPlaces, type GitPlace } from './git-places.ts';
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
  const { places, whole } = await findGitPlaces(grant, bounds);
  if (whole && places.length <= mostPlaces) return places;
  throw new Problem(
    'forbidden',
    `${grant} is too large to find every Git repository in it, so their hooks cannot be kept from being written.`,
    'Give a smaller folder, or this one read-only or under review.',
  );
}
