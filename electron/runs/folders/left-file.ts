import { createHash } from 'node:crypto';
import { type BigIntStats, constants, fstatSync } from 'node:fs';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import type { RunOutput } from '../../../shared/run.ts';
import type { PathOpener } from '../../capabilities/open-path.ts';

/** What is larger is no result that anybody looks at or copies: it counts as not left. */
const mostBytes = 4n << 30n;
const atOnce = 1 << 20;

/** A file that lies at exactly this path, no link on the way; null where there is none. Whoever opens it closes it. */
export async function openLeft(
  open: PathOpener,
  path: string,
): Promise<{ file: FileHandle; facts: BigIntStats } | null> {
  let opened: ReturnType<PathOpener>;
  try {
    opened = open(path);
  } catch {
    return null;
  }
  try {
    if (opened.missing.length > 0 || opened.path.toString() !== path) return null;
    const { dev, ino } = fstatSync(opened.fd, { bigint: true });
    const place = process.platform === 'linux' ? `/proc/self/fd/${opened.fd}` : path;
    const file = await openFile(place, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat({ bigint: true });
    const isIt = facts.isFile() && facts.dev === dev && facts.ino === ino && facts.size <= mostBytes;
    if (isIt) return { file, facts };
    await file.close();
    return null;
  } catch {
    // What cannot be read was left for nobody.
    return null;
  } finally {
    opened.close();
  }
}

/** Its hash as far as it was long when it was opened, each piece told on the way; nobody has to wait for a large one. */
export async function hashOf(
  file: FileHandle,
  size: bigint,
  told: (piece: Buffer) => Promise<void> = () => Promise.resolve(),
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(atOnce, Number(size) || 1));
  for (let at = 0; at < size;) {
    signal?.throwIfAborted();
    const most = Math.min(buffer.length, Number(size) - at);
    const { bytesRead } = await file.read(buffer, 0, most, at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await told(piece);
    at += bytesRead;
  }
  return hash.digest('hex');
}

const mostKnown = 200;

/** What files are by their hashes, known until they change: a piece of one is asked for many times. */
export class LeftFiles {
  readonly #open: PathOpener;
  readonly #known = new Map<string, string>();

  constructor(open: PathOpener) {
    this.#open = open;
  }

  async look<Result>(
    path: string,
    give: (file: FileHandle, output: RunOutput) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result | null> {
    const left = await openLeft(this.#open, path);
    if (!left) return null;
    const { file, facts } = left;
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = facts;
      const stamp = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
      const sha256 = this.#known.get(stamp) ?? (await hashOf(file, size, undefined, signal));
      // Only what nobody wrote to meanwhile is known by that.
      const after = await file.stat({ bigint: true });
      if (after.ctimeNs === ctimeNs && after.size === size) this.#keep(stamp, sha256);
      return await give(file, { path, bytes: Number(size), sha256 });
    } finally {
      await file.close();
    }
  }

  #keep(stamp: string, sha256: string): void {
    this.#known.set(stamp, sha256);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
  }
}
