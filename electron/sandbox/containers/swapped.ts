import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import type { SandboxFiles } from '../files.ts';
import type { GrantedFolder } from '../sandbox.ts';

const most = 2000;

/**
 * The engine takes the original of an overlay by its path, so another folder may have been put there meanwhile. An
 * overlay has numbers of its own; what lies in the folder tells it apart. What is mounted over it says nothing.
 */
export async function refuseSwapped(
  folders: readonly GrantedFolder[],
  mounted: readonly string[],
  files: SandboxFiles,
): Promise<void> {
  for (const { path, fd } of folders) {
    const covered = new Set(mounted.filter((at) => dirname(at) === path).map((at) => basename(at)));
    const outside = await entriesOf(fd);
    const { entries } = await files.list(path, { most: most + 1 });
    const inside = entries.map(({ name, facts }) => ({
      name: name.toString('latin1'),
      is: `${facts.mode & 0o7777} ${facts.mtimeNs}`,
    }));
    if (told(outside, covered) === told(inside, covered)) continue;
    throw new Problem(
      'conflict',
      `${path} changed while the sandbox was being prepared.`,
      'Try again when nothing else is changing that folder.',
    );
  }
}

interface Entry {
  readonly name: string;
  readonly is: string;
}

async function entriesOf(fd: number): Promise<Entry[]> {
  const folder = `/proc/self/fd/${fd}`;
  const names = (await readdir(folder, { encoding: 'buffer' })).slice(0, most + 1);
  return Promise.all(
    names.map(async (name) => {
      const facts = await lstat(Buffer.concat([Buffer.from(`${folder}/`), name]), { bigint: true });
      return { name: name.toString('latin1'), is: `${Number(facts.mode & 0o7777n)} ${facts.mtimeNs}` };
    }),
  );
}

/** Where there are more than are looked at, their order is the file system's own on both sides. */
const told = (entries: readonly Entry[], covered: ReadonlySet<string>): string =>
  entries
    .map(({ name, is }) => (covered.has(Buffer.from(name, 'latin1').toString()) ? name : `${name} ${is}`))
    .toSorted()
    .join('\n');
