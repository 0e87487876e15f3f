import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

interface Entry {
  files?: Record<string, Entry>;
  size?: number;
  offset?: string;
  unpacked?: boolean;
  integrity?: { algorithm: string; hash: string };
}

export interface Packed {
  readonly path: string;
  readonly unpacked: boolean;
  readonly integrity: boolean;
  /** Undefined for what lies beside the archive. */
  readonly content: Buffer | undefined;
}

function* walk(entry: Entry, here: string, bodies: Buffer): Generator<Packed> {
  for (const [name, inner] of Object.entries(entry.files ?? {})) {
    const at = here === '' ? name : `${here}/${name}`;
    if (inner.files) {
      yield* walk(inner, at, bodies);
      continue;
    }
    const start = Number(inner.offset);
    const unpacked = inner.unpacked === true;
    const content = unpacked ? undefined : bodies.subarray(start, start + (inner.size ?? 0));
    yield { path: at, unpacked, integrity: inner.integrity?.algorithm === 'SHA256', content };
  }
}

/** Reads an archive as Electron has it: a header in JSON, then all files one after the other. */
export async function readArchive(file: string): Promise<Packed[]> {
  const bytes = await readFile(file);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Entry;
  return [...walk(header, '', bytes.subarray(8 + bytes.readUInt32LE(4)))];
}

/** Puts everything into a folder, as an app that runs out of its archive sees it. */
export async function unpack(archive: string, folder: string): Promise<void> {
  for (const packed of await readArchive(archive)) {
    const to = path.join(folder, packed.path);
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, packed.content ?? (await readFile(path.join(`${archive}.unpacked`, packed.path))));
  }
}
