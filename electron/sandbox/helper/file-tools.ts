import { Problem } from '../../../shared/problem.ts';
import type { FileFacts, FolderEntry, SandboxFiles, TreeEntry, WriteHow } from '../files.ts';
import { Breach } from './breach.ts';
import type { Channel } from './channel.ts';
import { readFacts, readName, readTreeEntry } from './facts.ts';
import { runLongTool } from './long-tool.ts';
import { PayloadReader } from './payload-reader.ts';
import { protocol } from './protocol.ts';
import { ask, readNothing } from './request.ts';
import { writeFile } from './write-file.ts';

type Path = string | Buffer;

const mostOfOneRead = protocol.MOST_PAYLOAD - 8;
const usualRead = mostOfOneRead;

/** One frame’s worth of a file. */
interface Part {
  readonly bytes: Buffer;
  readonly size: number;
}

function partOf(payload: Buffer, most: number): Part {
  const from = new PayloadReader(payload);
  const size = Number(from.u64());
  const bytes = from.rest();
  if (bytes.length > most || bytes.length > size) throw new Breach('more of a file than was asked for');
  return { bytes, size };
}

/** The file tools of one sandbox, over its helper. */
export class FileTools implements SandboxFiles {
  readonly #channel: Channel;
  readonly #breach: (thrown: unknown) => Problem;

  constructor(channel: Channel, breach: (thrown: unknown) => Problem) {
    this.#channel = channel;
    this.#breach = breach;
  }

  #readPart(path: Path, offset: number, most: number): Promise<Part> {
    return ask(
      this.#channel,
      {
        tool: protocol.TOOL_READ,
        what: `Reading “${path.toString()}”`,
        fill: (to) => to.path(path).u64(BigInt(offset)).u32(most),
      },
      (payload) => partOf(payload, most),
    );
  }

  async read(path: Path, { offset = 0, most = usualRead }: { offset?: number; most?: number } = {}) {
    const first = await this.#readPart(path, offset, Math.min(most, mostOfOneRead));
    if (first.bytes.length === most || first.bytes.length < mostOfOneRead) return first;
    const parts = [first.bytes];
    let [length, size] = [first.bytes.length, first.size];
    while (length < most) {
      const part = await this.#readPart(path, offset + length, Math.min(most - length, mostOfOneRead));
      size = part.size;
      if (part.bytes.length === 0) break;
      parts.push(part.bytes);
      length += part.bytes.length;
    }
    return { bytes: Buffer.concat(parts, length), size };
  }

  write(path: Path, bytes: Uint8Array, how: WriteHow): Promise<void> {
    return writeFile(this.#channel, path, bytes, how);
  }

  list(path: Path, { most = 10_000 }: { most?: number } = {}) {
    return ask(
      this.#channel,
      {
        tool: protocol.TOOL_LIST,
        what: `Listing “${path.toString()}”`,
        fill: (to) => to.path(path).u32(most),
      },
      (payload): { entries: FolderEntry[]; more: boolean } => {
        const from = new PayloadReader(payload);
        const [count, more] = [from.u32(), from.u32()];
        if (count > most) throw new Breach('more entries than were asked for');
        const entries: FolderEntry[] = [];
        for (let each = 0; each < count; each++) {
          const facts = readFacts(from);
          entries.push({ name: Buffer.from(readName(from)), facts });
        }
        from.end();
        return { entries, more: more !== 0 };
      },
    );
  }

  facts(path: Path): Promise<FileFacts> {
    return ask(
      this.#channel,
      {
        tool: protocol.TOOL_FACTS,
        what: `Looking at “${path.toString()}”`,
        fill: (to) => to.path(path),
      },
      (payload) => {
        const from = new PayloadReader(payload);
        const facts = readFacts(from);
        from.end();
        return facts;
      },
    );
  }

  async *walk(path: Path, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<TreeEntry, void> {
    const asked = {
      tool: protocol.TOOL_WALK,
      what: `Walking through “${path.toString()}”`,
      fill: (to: { path(value: Path): unknown }) => void to.path(path),
    };
    for await (const entry of runLongTool(this.#channel, asked, this.#breach, signal)) {
      try {
        yield readTreeEntry(entry);
      } catch (thrown) {
        throw thrown instanceof Breach ? this.#breach(thrown) : thrown;
      }
    }
  }

  #change(tool: number, what: string, path: Path, other?: Path | number): Promise<void> {
    return ask(
      this.#channel,
      {
        tool,
        what: `${what} “${path.toString()}”`,
        fill: (to) => {
          to.path(path);
          if (typeof other === 'number') to.u32(other);
          else if (other !== undefined) to.path(other);
        },
      },
      readNothing,
    );
  }

  /** What a long tool without entries is done with. */
  async #finish(tool: number, what: string, paths: readonly Path[]): Promise<number> {
    const asked = {
      tool,
      what: `${what} “${paths[0]!.toString()}”`,
      fill: (to: { path(value: Path): unknown }) => {
        for (const path of paths) to.path(path);
      },
    };
    const records = runLongTool(this.#channel, asked, this.#breach);
    const { done, value } = await records.next();
    if (done) return value;
    await records.return(0);
    throw this.#breach(new Breach('entries where none were asked for'));
  }

  target(path: Path): Promise<Buffer> {
    const what = `Reading the link “${path.toString()}”`;
    return ask(
      this.#channel,
      { tool: protocol.TOOL_TARGET, what, fill: (to) => to.path(path) },
      (payload) => {
        if (payload.length === 0 || payload.includes(0)) throw new Breach('a target that cannot be');
        return Buffer.from(payload);
      },
    );
  }

  makeFolder(path: Path, mode = 0o755): Promise<void> {
    return this.#change(protocol.TOOL_MAKE_FOLDER, 'Making the folder', path, mode);
  }

  setMode(path: Path, mode: number): Promise<void> {
    return this.#change(protocol.TOOL_SET_MODE, 'Changing the mode of', path, mode);
  }

  link(target: Buffer, path: Path): Promise<void> {
    return this.#change(protocol.TOOL_LINK, 'Making the link', path, target);
  }

  async remove(path: Path, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    if (recursive) await this.#finish(protocol.TOOL_REMOVE_TREE, 'Removing', [path]);
    else await this.#change(protocol.TOOL_REMOVE, 'Removing', path);
  }

  rename(from: Path, to: Path): Promise<void> {
    return this.#change(protocol.TOOL_RENAME, 'Renaming', from, to);
  }

  async copy(from: Path, to: Path): Promise<void> {
    await this.#finish(protocol.TOOL_COPY, 'Copying', [from, to]);
  }

  async same(one: Path, other: Path): Promise<boolean> {
    return (await this.#finish(protocol.TOOL_SAME, 'Comparing', [one, other])) === 1;
  }
}
