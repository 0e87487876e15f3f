import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pieces } from './pieces.ts';

/** Where the files of a bundle are written to, one after another. */
export interface BundleTarget {
  text(name: string, content: string | Buffer): Promise<void>;
  /** `lines` may be asked more than once, and must give the same each time. */
  lines(name: string, lines: () => Iterable<string>): Promise<void>;
}

/** Writes them into a folder, each a new one. */
export class FolderWriter implements BundleTarget {
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #made = new Set<string>();

  constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder;
    this.#signal = signal;
  }

  async text(name: string, content: string | Buffer): Promise<void> {
    await this.#write(name, [Buffer.from(content as string)]);
  }

  async lines(name: string, lines: () => Iterable<string>): Promise<void> {
    await this.#write(name, pieces(lines()));
  }

  async #write(name: string, content: Iterable<Buffer>): Promise<void> {
    const path = join(this.#folder, name);
    await this.#make(dirname(path));
    const file = await open(path, 'wx');
    try {
      for (const bytes of content) {
        this.#signal.throwIfAborted();
        await file.writeFile(bytes);
      }
    } finally {
      await file.close();
    }
  }

  async #make(folder: string): Promise<void> {
    if (this.#made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    this.#made.add(folder);
  }
}
