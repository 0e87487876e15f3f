import { fstatSync } from 'node:fs';
import type { GrantedFolder, SandboxPlan } from '../sandbox.ts';
import { keptBefore, type KeptFolder, readKept } from './kept-folder.ts';

/** What is kept where this plan has to do with it; nothing is read where it has not. */
export async function versionsKept({
  folders,
  kept,
}: Pick<SandboxPlan, 'folders' | 'kept'>): Promise<readonly KeptFolder[]> {
  return folders.some(({ mode, reviewed }) => mode === 'review' || reviewed) ? readKept(kept) : [];
}

/** Folders that are only read, and of which somebody wrote a version. */
export function versionsToRead(
  { folders }: Pick<SandboxPlan, 'folders'>,
  kept: readonly KeptFolder[],
): { folder: GrantedFolder; version: KeptFolder }[] {
  return folders.flatMap((folder) => {
    if (folder.mode !== 'ro' || !folder.reviewed) return [];
    const { dev, ino } = fstatSync(folder.fd, { bigint: true });
    const version = keptBefore(kept, { path: folder.path, dev, ino });
    return version ? [{ folder, version }] : [];
  });
}
