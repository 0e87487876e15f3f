import { realpath, stat } from 'node:fs/promises';
import { type HostPattern, readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { McpRights } from '../../../shared/mcp.ts';
import { Problem } from '../../../shared/problem.ts';
import type { FolderMode, FolderWish } from '../../../shared/session.ts';
import { covers } from '../../capabilities/covering.ts';

/** What a program asks that its run may do. */
export interface AskedRights {
  readonly folders: readonly { readonly path: string; readonly mode?: FolderMode | undefined }[];
  readonly hosts: readonly string[];
}

/** What a mode lets do beside itself. */
const within: Record<FolderMode, readonly FolderMode[]> = {
  ro: ['ro'],
  review: ['review', 'ro'],
  rw: ['rw', 'review', 'ro'],
};

/** Each folder by where it really lies, within one that the rights name; throws at the first that is not. */
export async function allowedFolders(
  rights: Pick<McpRights, 'folders'>,
  asked: AskedRights['folders'],
): Promise<FolderWish[]> {
  const held: FolderWish[] = [];
  for (const { path, mode } of rights.folders) {
    const real = await realFolder(path);
    if (real !== null) held.push({ path: real, mode });
  }
  const allowed: FolderWish[] = [];
  for (const { path, mode } of asked) {
    const real = path.startsWith('/') ? await realFolder(path) : null;
    const around = held.filter((each) => real !== null && isWithin(real, each.path));
    // The nearest one counts: a folder may be given more narrowly than the one around it.
    const [holder] = around.toSorted((a, b) => b.path.length - a.path.length);
    if (real === null || !holder) throw outside(path, rights);
    const wanted = mode ?? holder.mode;
    if (!within[holder.mode].includes(wanted)) {
      throw new Problem(
        'forbidden',
        `${path} is yours as “${holder.mode}”, and “${wanted}” is more.`,
        'Ask for less, or let the person at this machine change what your token may do.',
      );
    }
    allowed.push({ path: real, mode: wanted });
  }
  return allowed;
}

/** Throws at the first host that the rights do not hold. */
export function allowedHosts(rights: Pick<McpRights, 'hosts'>, asked: readonly string[]): string[] {
  const one = (host: HostPattern) => ({ kind: 'network' as const, hosts: [host] });
  for (const [i, text] of asked.entries()) {
    const wanted = one(readHostPattern({ text, field: `hosts[${i}]`, offset: 0 }));
    if (rights.hosts.some((host) => covers(one(host), wanted))) continue;
    throw new Problem(
      'forbidden',
      `Your runs may not connect to ${text.slice(0, 200)}.`,
      'Leave it out, or let the person at this machine change what your token may do.',
    );
  }
  return [...asked];
}

/** The same words whether there is such a folder or not: nobody learns here what lies on this machine. */
function outside(path: string, { folders }: Pick<McpRights, 'folders'>): Problem {
  const yours = folders.map((each) => `${each.path} (${each.mode})`).join(', ');
  return new Problem(
    'forbidden',
    `${path.slice(0, 300)} is no folder that your runs may be given.`,
    yours === '' ? 'Your token holds no folder.' : `Your token holds ${yours}.`,
  );
}

const isWithin = (path: string, folder: string) =>
  path === folder || path.startsWith(folder === '/' ? folder : `${folder}/`);

async function realFolder(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : null;
  } catch {
    return null;
  }
}
