import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import type { SandboxFiles } from '../files.ts';
import type { GrantedFolder } from '../sandbox.ts';

const most = 2000;

/** A folder that is shown through an overlay, and what earlier sandboxes of the session have written over it. */
export interface OverlaidFolder extends Pick<GrantedFolder, 'path' | 'fd'> {
  readonly upper: string;
}

/**
 * The engine takes the original of an overlay by its path, so another folder may have been put there meanwhile. An
 * overlay has numbers of its own; what lies in the folder tells it apart. What is mounted or written over it says nothing.
 */
export async function refuseSwapped(
  folders: readonly OverlaidFolder[],
  mounted: readonly string[],
  files: SandboxFiles,
): Promise<void> {
  for (const { path, fd, upper } of folders) {
    const written = new Set((await namesIn(upper)).map((name) => name.toString('latin1')));
    const covered = new Set(mounted.filter((at) => dirname(at) === path).map((at) => basename(at)));
    const outside = (await entriesOf(fd)).filter(({ name }) => !written.has(name));
    const { entries } = await files.list(path, { most: most + 1 });
    const inside = entries
      .map(({ name, facts }) => ({
        name: name.toString('latin1'),
        is: `${facts.mode & 0o7777} ${facts.mtimeNs}`,
      }))
      .filter(({ name }) => !written.has(name));
    // What is written over a folder comes first inside: of so many, only those seen on both sides can be compared.
    const some = written.size > 0 && Math.max(outside.length, inside.length) + written.size > most;
    const [one, other] = some ? [among(outside, inside), among(inside, outside)] : [outside, inside];
    if (told(one, covered) === told(other, covered)) continue;
    throw new Problem(
      'conflict',
      `${path} changed while the sandbox was being prepared.`,
      'Try again when nothing else is changing that folder.',
    );
  }
}

const namesIn = (folder: string) => readdir(folder, { encoding: 'buffer' });

/** Those of which the others have one of the same name. */
function among(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const names = new Set(others.map(({ name }) => name));
  return entries.filter(({ name }) => names.has(name));
}

interface Entry {
  readonly name: string;
  readonly is: string;
}

async function entriesOf(fd: number): Promise<Entry[]> {
  const folder = `/proc/self/fd/${fd}`;
  const names = (await namesIn(folder)).slice(0, most + 1);
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
