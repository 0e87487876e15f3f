import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';
import type { BundleTarget } from './folder-writer.ts';
import { pieces } from './pieces.ts';

export interface Archived {
  bytes: number;
  sha256: string;
}

export interface ArchiveHow {
  /** The folder that everything in it lies in; left out: none. */
  readonly within?: string;
  readonly time: Date;
  readonly level: number;
  readonly signal: AbortSignal;
}

/** Writes one .tgz as a stream, readable by this account alone; what is not finished is removed. */
export class ArchiveWriter implements BundleTarget {
  readonly #path: string;
  readonly #within: string;
  readonly #pack = tarPack();
  readonly #time: Date;
  readonly #hash = createHash('sha256');
  readonly #written: Promise<void>;
  #bytes = 0;

  private constructor(path: string, target: Writable, options: ArchiveHow) {
    this.#path = path;
    this.#within = options.within === undefined ? '' : `${options.within}/`;
    this.#time = options.time;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
        done(null, chunk);
      },
    });
    const gzip = createGzip({ level: options.level });
    this.#written = pipeline(this.#pack, gzip, count, target, { signal: options.signal });
    // Met where it is awaited; until then a failure must not count as unhandled.
    this.#written.catch(() => undefined);
  }

  /** The file must not exist yet. */
  static async create(path: string, options: ArchiveHow): Promise<ArchiveWriter> {
    const file = await open(path, 'wx', 0o600);
    return new ArchiveWriter(path, createWriteStream('', { fd: file, flush: true }), options);
  }

  async text(name: string, content: string | Buffer): Promise<void> {
    const bytes = Buffer.from(content as string);
    await this.#entry(name, bytes.length, [bytes]);
  }

  /** `lines` is asked twice, first for the size, and must give the same both times. */
  async lines(name: string, lines: () => Iterable<string>): Promise<void> {
    let size = 0;
    for (const line of lines()) size += Buffer.byteLength(line) + 1;
    await this.#entry(name, size, pieces(lines()));
  }

  async file(
    name: string,
    path: string,
    tell: (done: number, total: number) => void = () => undefined,
  ): Promise<void> {
    const { size } = await stat(path);
    await this.#entry(name, size, createReadStream(path, { highWaterMark: 1024 * 1024 }), (done) =>
      tell(done, size),
    );
  }

  async finish(): Promise<Archived> {
    this.#pack.finalize();
    await this.#written;
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async abandon(): Promise<void> {
    this.#pack.destroy();
    await this.#written.catch(() => undefined);
    await rm(this.#path, { force: true });
  }

  async #entry(
    name: string,
    size: number,
    content: Iterable<Buffer> | AsyncIterable<Buffer>,
    tell: (bytes: number) => void = () => undefined,
  ): Promise<void> {
    const header = { name: `${this.#within}${name}`, size, mode: 0o600, mtime: this.#time };
    const ended = Promise.withResolvers<void>();
    const entry = this.#pack.entry(header, (failure) => (failure ? ended.reject(failure) : ended.resolve()));
    // Where the disk or the caller ends it, `written` tells why: the entry itself would be silent or wait for ever.
    entry.on('error', () => undefined);
    ended.promise.catch(() => undefined);
    let done = 0;
    for await (const bytes of content) {
      if (!entry.write(bytes)) {
        const drained = new Promise<void>((resolve) => entry.once('drain', () => resolve()));
        await Promise.race([drained, this.#written]);
      }
      tell((done += bytes.length));
    }
    entry.end(undefined);
    await Promise.race([ended.promise, this.#written]);
  }
}
