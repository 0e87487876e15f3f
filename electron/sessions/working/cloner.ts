import type { Id } from '../../../shared/ids.ts';

/** Under which name the right to a repository's host is held: it is Holdfast's own, for as long as it clones. */
export const clonerOf = (session: Id<'session'>) => `${session}.clone`;
