import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineFinding } from '../../../shared/contract/house.ts';

const enough = 1_000_000_000;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

export async function dataFolder(folder: string): Promise<MachineFinding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const finding = { id: 'data', name: 'Data folder', detail: `${folder}, ${gigabytes(free)} free` };
  return free >= enough
    ? { ...finding, state: 'ok' }
    : {
        ...finding,
        state: 'warning',
        mend: 'Free some space on this disk, or prune blobs with `holdfast prune`.',
      };
}

/** Whether others on this machine could read what is kept here. */
export async function permissions(folder: string): Promise<MachineFinding> {
  const finding = { id: 'permissions', name: 'Permissions' };
  if (process.platform === 'win32')
    return { ...finding, state: 'ok', detail: 'kept by the system’s access lists' };
  const open: string[] = [];
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.new'));
  for (const name of ['', ...names]) {
    // What has just gone away is open to nobody.
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found && !found.isSymbolicLink() && (found.mode & 0o077) !== 0)
      open.push(name === '' ? 'the folder itself' : name);
  }
  return open.length === 0
    ? { ...finding, state: 'ok', detail: 'only this account may read the data folder' }
    : {
        ...finding,
        state: 'warning',
        detail: `others may read ${open.slice(0, 4).join(', ')}${open.length > 4 ? ' and more' : ''}`,
        mend: `chmod -R go= '${folder.replaceAll("'", "'\\''")}'`,
      };
}
