import type { Agent } from '../../../shared/agent.ts';
import type { FolderMode } from '../../../shared/session.ts';

export const modeWords: Record<FolderMode, string> = {
  ro: 'is read-only',
  rw: 'is changed in place',
  review: 'is changed after your review',
};

export function sandboxWords({ kind, image }: Agent['sandbox']): string {
  if (kind === 'namespace') return 'this system, held in';
  return image === null ? 'a container' : `a container from ${image}`;
}
