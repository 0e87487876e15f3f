import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { type KeptFolder, partsOf, readKept } from './reviewing/kept-folder.ts';

/** Where on this machine lies what a session sees at a path; null: it sees nothing there. */
export type SessionVersion = (path: string) => string | null;

const mostLinks = 40;

/** The files as a session sees them that keeps its own version of folders under review below `kept`. */
export async function sessionVersion(kept: string): Promise<SessionVersion> {
  const folders = await readKept(kept);
  return (path) => follow(path, (one) => placeOf(one, kept, folders));
}

/** Link by link, as they lead in the session’s own version. */
function follow(path: string, place: (path: string) => string | null): string | null {
  let links = 0;
  let done = '/';
  let found: string | null = '/';
  const left = posix.normalize(path).split('/').filter(Boolean);
  while (left.length > 0) {
    const next = posix.join(done, left.shift() ?? '');
    found = place(next);
    const facts = found === null ? null : factsOf(found);
    if (found === null || !facts) return null;
    if (!facts.isSymbolicLink()) {
      done = next;
      continue;
    }
    if (++links > mostLinks) return null;
    const target = posix.resolve(done, readlinkSync(found));
    left.unshift(...target.split('/').filter(Boolean));
    done = '/';
  }
  return found;
}

function placeOf(path: string, kept: string, folders: readonly KeptFolder[]): string | null {
  const folder = folders
    .filter((each) => path.startsWith(`${each.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  if (!folder) return path;
  const below = path.slice(folder.path.length + 1);
  const { upper, copy } = partsOf(kept, folder);
  if (folder.way !== 'overlay') return posix.join(copy, below);
  // What an overlay hides or has replaced on the way hides what lies below it.
  let own = upper;
  for (const name of below.split('/')) {
    own = posix.join(own, name);
    const facts = factsOf(own);
    if (!facts) return path;
    if (facts.isCharacterDevice()) return null;
  }
  return own;
}

function factsOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
