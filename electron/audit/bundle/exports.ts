import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';

const lifeMilliseconds = 3_600_000;
const pieceBytes = 256 * 1024;

/** Bundles that wait to be fetched: a folder of files that live an hour, and no longer than the program. */
export class Exports {
  readonly folder: string;
  readonly #clock: Clock;
  readonly #forget = new Map<Id<'bundle'>, () => void>();

  constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.#clock = clock;
  }

  /** Removes what an earlier life left. */
  async clear(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.folder)) {
      if (/^bun_\w+\.tgz$/.test(name)) await rm(join(this.folder, name), { force: true });
    }
  }

  made(bundle: Id<'bundle'>): void {
    this.#forget.set(
      bundle,
      this.#clock.after(lifeMilliseconds, () => void this.#remove(bundle)),
    );
  }

  async read(bundle: Id<'bundle'>, offset: number): Promise<{ content: Uint8Array; next: number | null }> {
    if (!this.#forget.has(bundle)) {
      throw new Problem(
        'not_found',
        'This bundle is not there any more.',
        'Export again: bundles wait for an hour.',
      );
    }
    const file = await open(this.#path(bundle), 'r');
    try {
      const { size } = await file.stat();
      const content = new Uint8Array(Math.max(0, Math.min(pieceBytes, size - offset)));
      const { bytesRead } = await file.read(content, 0, content.length, offset);
      const end = offset + bytesRead;
      return { content: content.subarray(0, bytesRead), next: end < size ? end : null };
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#forget.keys()].map((bundle) => this.#remove(bundle)));
  }

  async #remove(bundle: Id<'bundle'>): Promise<void> {
    this.#forget.get(bundle)?.();
    this.#forget.delete(bundle);
    await rm(this.#path(bundle), { force: true });
  }

  #path(bundle: Id<'bundle'>): string {
    return join(this.folder, `${bundle}.tgz`);
  }
}
