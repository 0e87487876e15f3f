import { chown, copyFile, mkdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { OpenOwnSandbox, OwnPlace } from '../own-work.ts';
import type { Sandbox } from '../sandbox.ts';
import { appliedWorkFile } from './applied-work.ts';
import { type KeptFolder, partsOf, readKept, writeKept } from './kept-folder.ts';
import { ownCommand } from './own-command.ts';

interface CopyNeeds {
  readonly openOwn: OpenOwnSandbox;
  readonly masked: () => Promise<readonly string[]>;
}

/**
 * All that makes an overlay’s layer what it is: what it hides, and of what it hides everything, lies in these. No hard
 * links: the kernel makes all that is hidden one file of many names, which no sandbox may make; and applying has none.
 */
const preserved = '--preserve=mode,ownership,timestamps,xattr';

/**
 * What somebody wrote in folders under review, once more for somebody else to go on with, against the same state of the
 * originals. The trees were written by agents: they are copied in a sandbox. Whole, or not at all.
 */
export async function copyVersion(
  from: string,
  to: string,
  { openOwn, masked }: CopyNeeds,
  signal: AbortSignal,
): Promise<void> {
  await removeTree(to);
  const folders = await readKept(from);
  if (folders.length === 0) return;
  await mkdir(to, { recursive: true, mode: 0o700 });
  try {
    const places = await Promise.all(folders.map((folder) => placesOf(folder, from, to)));
    const session = basename(dirname(to)) as Id<'session'>;
    const sandbox = await openOwn({ session, folders: [], own: places.flat(), masked: await masked() });
    try {
      for (const folder of folders) await copyTree(sandbox, folder, signal);
    } finally {
      await sandbox.teardown();
    }
    for (const folder of folders) await copyOwnFiles(folder, from, to);
    await writeKept(to, folders);
  } catch (thrown) {
    await removeTree(to);
    throw thrown;
  }
}

async function placesOf(folder: KeptFolder, from: string, to: string): Promise<OwnPlace[]> {
  const [source, target] = [partsOf(from, folder).own, partsOf(to, folder).own];
  await mkdir(target, { mode: 0o700 });
  const { uid, gid } = await stat(source);
  await chown(target, uid, gid);
  return [
    { path: source, at: sourceAt(folder), writable: false },
    { path: target, at: targetAt(folder), writable: true, layer: folder.way === 'overlay' },
  ];
}

const sourceAt = ({ place }: KeptFolder) => `/from/${place}`;
const targetAt = ({ place }: KeptFolder) => `/to/${place}`;

async function copyTree(sandbox: Sandbox, folder: KeptFolder, signal: AbortSignal): Promise<void> {
  const tree = folder.way === 'overlay' ? 'upper' : 'copy';
  const argv = ['cp', '-PR', preserved, '--reflink=auto', '--'];
  const { well, said } = await ownCommand(
    sandbox,
    [...argv, `${sourceAt(folder)}/${tree}`, targetAt(folder)],
    signal,
  );
  if (well) return;
  throw new Problem(
    'storage_failed',
    `What was changed in ${folder.path} could not be copied: ${said || 'cp failed'}`,
    'Decide about the changes first.',
  );
}

/** They are Holdfast’s own, and lie beside the tree. */
async function copyOwnFiles(folder: KeptFolder, from: string, to: string): Promise<void> {
  const [source, target] = [partsOf(from, folder), partsOf(to, folder)];
  if (folder.way !== 'overlay') await copyFile(source.names, target.names);
  await copyFile(appliedWorkFile(source.own), appliedWorkFile(target.own)).catch((failure: unknown) => {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
  });
}
