import { randomBytes } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '../../base/remove-tree.ts';
import type { SystemPlaces } from '../bubblewrap/system-places.ts';
import { madeUpFiles } from '../inside/made-up-files.ts';

const pathOnly = 0o10_000_000;

interface Version {
  readonly stamp: string;
  readonly made: Promise<number>;
}

/**
 * The little of /etc that sandboxes see, put together once: one mount at every start instead of a dozen. Where one
 * of its pieces has changed since, it is put together anew; older ones stay for the sandboxes that have them.
 */
export class OwnEtc {
  readonly #place: string;
  /** Names those of this data folder. */
  readonly #beginning: string;
  readonly #folders: string[] = [];
  #version: Version | undefined;
  #fds: number[] = [];

  /** Every account that sandboxes run under must be able to reach the place. */
  constructor(place: string, mark: string) {
    this.#place = place;
    this.#beginning = `${mark.replaceAll(':', '-')}etc-`;
  }

  /** A descriptor of it, open as long as this is. */
  async open(pieces: SystemPlaces['pieces']): Promise<number> {
    const stamp = stampOf(pieces);
    if (this.#version?.stamp !== stamp) {
      const made = this.#make(pieces);
      this.#version = { stamp, made };
      made.catch(() => {
        this.#version = undefined;
      });
    }
    return this.#version.made;
  }

  /** What a killed life left of its own. */
  async removeOthers(): Promise<string[]> {
    const names = (await readdir(this.#place)).filter((name) => name.startsWith(this.#beginning));
    const others = names
      .map((name) => join(this.#place, name))
      .filter((path) => !this.#folders.includes(path));
    for (const path of others) await removeTree(path);
    return others;
  }

  async close(): Promise<void> {
    await this.#version?.made.catch(() => undefined);
    for (const fd of this.#fds.splice(0)) closeSync(fd);
    for (const folder of this.#folders.splice(0)) await removeTree(folder);
  }

  async #make(pieces: SystemPlaces['pieces']): Promise<number> {
    const folder = join(this.#place, `${this.#beginning}${randomBytes(6).toString('hex')}`);
    // Known before it is there: nobody may take it for what another life left.
    this.#folders.push(folder);
    await mkdir(folder, { mode: 0o700 });
    for (const { from, at } of pieces) {
      const place = join(folder, at.slice('/etc/'.length));
      await openFolder(dirname(place));
      await cp(from, place, { recursive: true, verbatimSymlinks: true });
    }
    for (const [name, text] of Object.entries(madeUpFiles)) {
      await writeFile(join(folder, name), text);
      await chmod(join(folder, name), 0o444);
    }
    await chmod(folder, 0o755);
    const fd = openSync(folder, pathOnly | constants.O_DIRECTORY);
    this.#fds.push(fd);
    return fd;
  }
}

/** Whatever this process's own files are closed to: this holds nothing of anybody's. */
async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  await chmod(path, 0o755);
}

/** Asked at every start; the kernel knows these by heart, and answers quicker than a thread could be asked. */
function stampOf(pieces: SystemPlaces['pieces']): string {
  return pieces.map(({ from }) => factsOf(from)).join(' ');
}

function factsOf(path: string): string {
  try {
    const { ino, ctimeNs } = lstatSync(path, { bigint: true });
    return `${ino}:${ctimeNs}`;
  } catch {
    return 'gone';
  }
}
