import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { SystemPlaces } from '../bubblewrap/system-places.ts';
import { type Engine, engineProblem } from './engine.ts';

/*
 * The base image holds nothing but empty folders: what a program needs is this machine's own system, mounted
 * read-only at run time, as the namespace sandbox has it. It is made in a tenth of a second, without a registry, and
 * never grows old.
 */

const folders = ['dev', 'etc', 'home', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var'];
/** A folder, not a link into /usr: engines mount their init here, and /usr is mounted over afterwards. */
const initFolder = 'sbin';
const epoch = new Date(0);

/** Made for how this machine's system is laid out; the name says which. */
export interface BaseImage {
  readonly name: string;
  readonly content: () => Promise<Buffer>;
}

export function baseImageFor(system: SystemPlaces): BaseImage {
  const top = system.folders.map((path) => path.slice(1)).filter((name) => name !== 'usr');
  const own = [...folders, ...top, ...(top.includes(initFolder) ? [] : [initFolder])];
  const links = system.links.filter(({ at }) => at !== `/${initFolder}`);
  const layout = JSON.stringify([2, own, links]);
  const mark = createHash('sha256').update(layout).digest('hex').slice(0, 12);
  return { name: `localhost/holdfast/base:${mark}`, content: () => archive(own, links) };
}

async function archive(own: readonly string[], links: SystemPlaces['links']): Promise<Buffer> {
  // Only where an image is made: nobody else should keep it in memory.
  const { pack } = await import('tar-stream');
  const tar = pack();
  for (const name of own) {
    // Engines give a temporary file system the mode of the folder that it covers.
    const mode = name === 'tmp' ? 0o1777 : 0o755;
    tar.entry({ name: `${name}/`, type: 'directory', mode, mtime: epoch });
  }
  for (const { at, to } of links) {
    tar.entry({ name: at.slice(1), type: 'symlink', linkname: to, mtime: epoch });
  }
  tar.finalize();
  return buffer(tar);
}

export async function makeBaseImage(engine: Engine, image: BaseImage): Promise<void> {
  try {
    // The tag goes into `repo`: Podman ignores it elsewhere.
    const content = Readable.from([await image.content()]);
    const told = await engine.api.importImage(content, { repo: image.name });
    for await (const line of told) void line;
  } catch (thrown) {
    throw engineProblem('The base image cannot be made', thrown);
  }
}
