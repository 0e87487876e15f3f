import { close, constants, fstat, open } from 'node:fs';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { Owner } from '../../base/owner.ts';
import type { OpenOwnSandbox } from '../own-work.ts';
import type { GrantedFolder } from '../sandbox.ts';
import { readAppliedWork } from './applied-work.ts';
import { ComparedFolder } from './compared-folder.ts';
import { type KeptFolder, partsOf, readKept } from './kept-folder.ts';
import { readNames } from './read-names.ts';

/** How a sandbox for this is had, and what it may never show. */
export interface ReviewNeeds {
  readonly openOwn: OpenOwnSandbox;
  readonly masked: () => Promise<readonly string[]>;
}

type Original = GrantedFolder & { readonly mode: 'ro' | 'rw' };

const opened = promisify(open);
const factsOf = promisify(fstat);
const closed = promisify(close);

/** Opens the original and makes sure that it is the folder that was reviewed. */
async function openOriginal(kept: KeptFolder, mode: 'ro' | 'rw', owner: Owner): Promise<Original> {
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  const fd = await opened(kept.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch(() => undefined);
  if (fd !== undefined) owner.own(() => closed(fd));
  const facts = fd === undefined ? undefined : await factsOf(fd, { bigint: true });
  if (fd !== undefined && String(facts?.dev) === kept.device && String(facts?.ino) === kept.inode)
    return { path: kept.path, fd, mode };
  throw new Problem(
    'conflict',
    `${kept.path} is not the folder any more that was put under review.`,
    'Put the folder back where it was, or discard the changes.',
  );
}

const versionAt = (place: string): string => `/kept/${place}`;

/** Everything a session kept, in a sandbox of its own; `close` ends that. */
export async function openKept(
  kept: string,
  mode: 'ro' | 'rw',
  { openOwn, masked }: ReviewNeeds,
): Promise<{ folders: ComparedFolder[]; close: () => Promise<void> }> {
  const owner = new Owner();
  try {
    const folders = await readKept(kept);
    if (folders.length === 0) return { folders: [], close: () => owner.close() };
    const originals: Original[] = [];
    for (const folder of folders) originals.push(await openOriginal(folder, mode, owner));
    const sandbox = await openOwn({
      session: basename(dirname(kept)) as Id<'session'>,
      folders: originals,
      masked: await masked(),
      own: folders.map((folder) => {
        const parts = partsOf(kept, folder);
        const path = folder.way === 'overlay' ? parts.upper : parts.copy;
        return { path, at: versionAt(folder.place), writable: false };
      }),
    });
    owner.own(() => sandbox.teardown());
    const compared = folders.map(async (folder) => {
      const parts = partsOf(kept, folder);
      return new ComparedFolder({
        files: sandbox.files,
        kept: folder,
        version: versionAt(folder.place),
        names: folder.way === 'overlay' ? null : await readNames(parts.names),
        applied: await readAppliedWork(parts.own),
      });
    });
    return { folders: await Promise.all(compared), close: () => owner.close() };
  } catch (thrown) {
    await owner.close();
    throw thrown;
  }
}
