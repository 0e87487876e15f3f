import type { Ceiling } from '../../../shared/run.ts';

/** The folders of which a run keeps one version for all its parts. */
export function reviewedFolders({ folders }: Pick<Ceiling, 'folders'>): string[] {
  return folders.filter(({ mode }) => mode === 'review').map(({ path }) => path);
}
