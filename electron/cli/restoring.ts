import type { ProofCalls } from '../audit/proof-calls.ts';
import type { Progress } from '../audit/record.ts';
import { type Restored, restoreBackup } from '../audit/restore.ts';
import { verifyingThread } from '../audit/verify.ts';
import { systemClock } from '../base/clock.ts';
import type { Paths } from '../base/paths.ts';
import { makePrivateFolder } from '../base/private-files.ts';
import { Thread } from '../base/thread-call.ts';
import { version } from '../base/version.ts';
import { takeInstanceLock } from '../store/instance-lock.ts';
import { removeUnfinished } from '../store/unfinished.ts';

const thread = (name: string) =>
  new URL(import.meta.url.endsWith('.ts') ? `../${name}.ts` : `./${name}.js`, import.meta.url);

/**
 * Restores a backup where nothing runs: the one thing the command line does by itself, because there is
 * no house to ask. It holds the folder's lock throughout; the next start says on the record what was replaced.
 */
export async function restoreInto(
  paths: Paths,
  file: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Restored> {
  process.umask(0o077);
  const { data: folder } = paths;
  await makePrivateFolder(folder);
  const lock = takeInstanceLock(paths);
  try {
    await removeUnfinished(folder);
    const since = new Date().toISOString();
    await lock.announce({
      pid: process.pid,
      since,
      version,
      surface: 'restore',
      address: null,
      socket: null,
    });
    const reading = (path: string) => verifyingThread(new Thread<ProofCalls>(thread('reader'), { path }));
    const options = { file, folder, clock: systemClock, threads: 2, thread: reading };
    return await restoreBackup(options, tell, signal);
  } finally {
    await lock.release();
  }
}
