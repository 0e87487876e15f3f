import { statfs } from 'node:fs/promises';

/** What lies in temporary file systems, as a process sees them. Only who may look into that process hears of it. */
export async function scratchUse(pid: number, folders: readonly string[]): Promise<number> {
  const each = await Promise.all(folders.map((folder) => statfs(`/proc/${pid}/root${folder}`)));
  return each.reduce((sum, { blocks, bfree, bsize }) => sum + (blocks - bfree) * bsize, 0);
}
