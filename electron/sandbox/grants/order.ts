import { Problem } from '../../../shared/problem.ts';

const depth = (path: string) => (path === '/' ? 0 : path.split('/').length - 1);

/**
 * Shallow before deep, so that a folder granted inside another is mounted over it. The same folder twice has no
 * one meaning and is refused.
 */
export function shallowFirst<Grant extends { readonly path: string }>(grants: readonly Grant[]): Grant[] {
  const twice = grants.find(({ path }, at) => grants.findIndex((other) => other.path === path) !== at);
  if (twice) {
    throw new Problem(
      'invalid_input',
      `The folder ${twice.path} is granted twice.`,
      'Name each folder once, with the one mode that is meant.',
    );
  }
  return grants.toSorted((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1));
}
