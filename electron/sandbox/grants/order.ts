import { Problem } from '../../../shared/problem.ts';
import { type PlacedFolder, placeOf } from './inside-place.ts';

const depth = (path: string) => (path === '/' ? 0 : path.split('/').length - 1);

/**
 * Shallow before deep by where they stand inside, so that a folder granted inside another is mounted over it. The same
 * place twice has no one meaning and is refused.
 */
export function shallowFirst<Grant extends PlacedFolder>(grants: readonly Grant[]): Grant[] {
  const places = grants.map(placeOf);
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) {
    throw new Problem(
      'invalid_input',
      `The folder ${twice} is granted twice.`,
      'Name each folder once, with the one mode that is meant.',
    );
  }
  return grants.toSorted((a, b) => inOrder(placeOf(a), placeOf(b)));
}

const inOrder = (a: string, b: string) => depth(a) - depth(b) || (a < b ? -1 : 1);
