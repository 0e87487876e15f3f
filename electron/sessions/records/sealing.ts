import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../../shared/problem.ts';

/** A path that is no text is told by its bytes, in base 64. */
export type Named = { readonly path: string } | { readonly path64: string };

export type ManifestEntry = Named & EntryFacts;

interface EntryFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes?: number;
  readonly sha256?: string;
  readonly target?: string;
}

// Paths are byte strings in here (one letter for each byte): what an agent calls its files need not be text.
type Bytes = string;
const bytesOf = (text: string): Bytes => Buffer.from(text).toString('latin1');
const at = (path: Bytes): Buffer => Buffer.from(path, 'latin1');

export function named(path: Bytes): Named {
  const text = at(path).toString();
  return bytesOf(text) === path ? { path: text } : { path64: at(path).toString('base64') };
}

const openPath = 0o10000000;
/** Little: most of what is sealed is, and what is taken for it each time has to be given back. */
const pieceBytes = 64 << 10;
/** So long the main thread is kept at most before everything else gets its turn. */
const turnMilliseconds = 6;
/** A record of more is none that anybody could look through; it stays incomplete. */
export const mostEntries = 1_000_000;

/** Takes its turns on the main thread: small files are read quicker than a thread could be asked to. */
class Turns {
  #until = performance.now() + turnMilliseconds;

  async pause(): Promise<void> {
    if (performance.now() < this.#until) return;
    await nextTurn();
    this.#until = performance.now() + turnMilliseconds;
  }
}

/** Opens every folder to its owner, so that nothing can hide behind the mode of one. */
export async function makeTraversable(top: string): Promise<void> {
  const turns = new Turns();
  for (const folders = [bytesOf(top)]; folders.length > 0;) {
    const folder = folders.pop()!;
    withOpened(folder, (fd, isFolder) => {
      if (isFolder && (fstatSync(fd).mode & 0o700) !== 0o700) setMode(fd, 0o700);
    });
    for (const entry of entriesOf(folder)) if (entry.isDirectory()) folders.push(join(folder, entry.name));
    await turns.pause();
  }
}

/** Refuses before anything is changed: sealing a second name of a file elsewhere would seal that file. */
export async function refuseSecondNames(top: string): Promise<void> {
  const turns = new Turns();
  let count = 0;
  for (const folders = [bytesOf(top)]; folders.length > 0;) {
    const folder = folders.pop()!;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (++count > mostEntries) throw new Problem('too_large', `It has more than ${mostEntries} entries.`);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && lstatSync(at(path)).nlink > 1) {
        throw new Problem(
          'conflict',
          `${at(path.slice(bytesOf(top).length + 1)).toString()} has another name somewhere else.`,
          'What has more than one name is not sealed; nothing was changed.',
        );
      }
      await turns.pause();
    }
  }
}

/** Makes all of it read-only, files before the folder that holds them, and tells what there is. */
export async function sealTree(
  top: string,
  told: (entry: ManifestEntry) => void,
  options: {
    /** What paths are told from. */
    readonly root: string;
    readonly leave?: (path: string) => boolean;
    /** Files will still be added to the folder itself. */
    readonly keepOpen?: boolean;
  },
): Promise<void> {
  const turns = new Turns();
  const buffer = Buffer.allocUnsafe(pieceBytes);
  const within = (path: Bytes) => named(path.slice(bytesOf(options.root).length + 1));
  const under = async (folder: Bytes): Promise<void> => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (options.leave?.(at(path).toString())) continue;
      if (entry.isDirectory()) await under(path);
      else told({ ...within(path), ...(await sealed(path, buffer, turns)) });
      await turns.pause();
    }
    if (options.keepOpen !== true || folder !== bytesOf(top)) {
      withOpened(folder, (fd, isFolder) => {
        if (!isFolder) throw changed(folder);
        setMode(fd, 0o555);
      });
    }
    told({ ...within(folder), kind: 'folder' });
  };
  await under(bytesOf(top));
}

async function sealed(path: Bytes, buffer: Buffer, turns: Turns): Promise<EntryFacts> {
  const fd = openSync(at(path), openPath | constants.O_NOFOLLOW);
  try {
    const facts = fstatSync(fd);
    if (facts.isSymbolicLink()) return { kind: 'link', target: readlinkSync(at(path)) };
    if (!facts.isFile()) return { kind: 'other' };
    if (facts.nlink > 1) throw changed(path);
    setMode(fd, 0o444);
    return { kind: 'file', ...(await read(fd, buffer, turns)) };
  } finally {
    closeSync(fd);
  }
}

async function read(place: number, buffer: Buffer, turns: Turns): Promise<{ bytes: number; sha256: string }> {
  const fd = openSync(`/proc/self/fd/${place}`, constants.O_RDONLY);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for (let got; (got = readSync(fd, buffer, 0, buffer.length, bytes)) > 0; bytes += got) {
      hash.update(buffer.subarray(0, got));
      await turns.pause();
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

/** By the descriptor: whatever stands at its path now, it is this one that is changed. */
function setMode(fd: number, mode: number): void {
  chmodSync(`/proc/self/fd/${fd}`, mode);
}

function withOpened(path: Bytes, change: (fd: number, isFolder: boolean) => void): void {
  const fd = openSync(at(path), openPath | constants.O_NOFOLLOW);
  try {
    change(fd, fstatSync(fd).isDirectory());
  } finally {
    closeSync(fd);
  }
}

/** In an order that is the same everywhere. Never of what a link in the folder's place leads to. */
function entriesOf(folder: Bytes): Dirent[] {
  const fd = openSync(at(folder), openPath | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(fd).isDirectory()) throw changed(folder);
    const entries = readdirSync(`/proc/self/fd/${fd}`, { withFileTypes: true, encoding: 'latin1' });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    closeSync(fd);
  }
}

function changed(path: Bytes): Problem {
  return new Problem('conflict', `${at(path).toString()} changed while it was being sealed.`);
}
