import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { Problem } from '../../../shared/problem.ts';
import { layerPlace, type LayerWish } from '../images.ts';

const mostBytes = 4 * 2 ** 30;
const mostEntries = 500_000;
const epoch = new Date(0);
const own = { uid: 0, gid: 0, mtime: epoch };

export interface LayerArchive {
  readonly stream: Readable;
  /** Resolves, with how many bytes the files have, when all of it was read. */
  readonly written: Promise<number>;
}

/**
 * A folder that a sandbox wrote, as an archive. Files, folders and links go into it, of no account and without the
 * right to be anybody else; a link is never followed, and what is neither is left out.
 */
export async function layerArchive({
  folder,
  programs,
}: Pick<LayerWish, 'folder' | 'programs'>): Promise<LayerArchive> {
  const { pack } = await import('tar-stream');
  const stream = pack();
  const written = writeLayer(stream, folder, programs);
  written.catch((failure: unknown) => stream.destroy(failure as Error));
  return { stream: Readable.from(stream), written };
}

async function writeLayer(stream: Pack, folder: string, programs: LayerWish['programs']): Promise<number> {
  const place = layerPlace.slice(1);
  const counted = { bytes: 0, entries: 0 };
  for (const at of [posix.dirname(place), place]) {
    stream.entry({ ...own, name: `${at}/`, type: 'directory', mode: 0o755 });
  }
  await writeFolder(stream, folder, place, counted);
  for (const [name, path] of Object.entries(programs)) {
    // The name is not taken from what the sandbox wrote: where that has one too, this machine’s comes after it.
    await writeFile(stream, path, `${place}/bin/${name}`, counted);
  }
  stream.finalize();
  return counted.bytes;
}

interface Counted {
  bytes: number;
  entries: number;
}

async function writeFolder(stream: Pack, folder: string, place: string, counted: Counted): Promise<void> {
  for (const name of (await readdir(folder)).toSorted()) {
    counted.entries++;
    if (counted.entries > mostEntries) throw tooLarge(`${mostEntries.toLocaleString('en')} files`);
    const path = join(folder, name);
    const at = `${place}/${name}`;
    const facts = await lstat(path);
    if (facts.isDirectory()) {
      stream.entry({ ...own, name: `${at}/`, type: 'directory', mode: 0o755 });
      await writeFolder(stream, path, at, counted);
    } else if (facts.isSymbolicLink()) {
      stream.entry({ ...own, name: at, type: 'symlink', linkname: await readlink(path), mode: 0o777 });
    } else if (facts.isFile()) {
      await writeFile(stream, path, at, counted);
    }
  }
}

async function writeFile(stream: Pack, path: string, name: string, counted: Counted): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size, mode } = await file.stat();
    counted.bytes += size;
    if (counted.bytes > mostBytes) throw tooLarge(`${mostBytes / 2 ** 30} GiB`);
    const entry = stream.entry({ ...own, name, size, mode: mode & 0o111 ? 0o755 : 0o644 });
    if (size === 0) return void entry.end(null);
    await pipeline(file.createReadStream({ autoClose: false, start: 0, end: size - 1 }), entry);
  } finally {
    await file.close();
  }
}

const tooLarge = (what: string) =>
  new Problem(
    'too_large',
    `What was installed has more than ${what}.`,
    'Name an image that has the program.',
  );
