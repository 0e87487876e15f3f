import { chmod, lstat, mkdtemp, rename, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import { makePrivateFolder } from '../base/private-files.ts';
import { listening } from './listening.ts';

/**
 * Listens at a path so that nobody else can connect at any moment: the socket is born in a new folder that only
 * this account may enter, narrowed there, and then moved into place. Called under the instance lock only,
 * so a socket already there is left over from an ended process. Anything else that lies there is not ours to remove.
 * Returns the function that takes the socket away.
 */
export async function listenAtPath(server: Server, path: string): Promise<() => Promise<void>> {
  if (process.platform === 'win32') {
    await listening(server, { path });
    return async () => undefined;
  }
  await makePrivateFolder(dirname(path));
  await refuseOther(path);
  const cradle = await mkdtemp(join(dirname(path), '.s'));
  try {
    const born = join(cradle, 's');
    await listening(server, { path: born });
    await chmod(born, 0o600);
    await rename(born, path);
  } finally {
    await rm(cradle, { recursive: true, force: true });
  }
  const { ino } = await lstat(path);
  return async () => {
    const there = await lstat(path).catch(() => undefined);
    if (there?.ino === ino) await rm(path, { force: true });
  };
}

async function refuseOther(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSocket()) return;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw failure;
  }
  throw new Problem(
    'conflict',
    `${path} is where the socket belongs, and it is something else.`,
    'Look at it, and move it away if nobody needs it.',
  );
}
