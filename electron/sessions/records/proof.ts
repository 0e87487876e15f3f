import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Id } from '../../../shared/ids.ts';
import type { AuditRecord } from '../../audit/record.ts';

type Exporting = Pick<AuditRecord, 'export' | 'readExport'>;

const system = { kind: 'system' } as const;

/** The bundle of one session, unpacked: from its first event to the one that seals its record; of others, headers only. */
export async function writeProof(
  record: Exporting,
  { session, from, to, folder }: { session: Id<'session'>; from: number; to: number; folder: string },
  signal: AbortSignal,
): Promise<void> {
  const withhold = {
    kinds: [],
    events: [],
    blobs: [],
    allData: false,
    allBlobs: false,
    onlyRun: null,
    onlySession: session,
  };
  for await (const { result } of record.export({ from, to, withhold, by: system }, signal)) {
    if (result) await unpack(record, result.bundle, folder);
  }
}

async function unpack(record: Exporting, bundle: Id<'bundle'>, folder: string): Promise<void> {
  const entries = extract();
  const reading = pipeline(Readable.from(pieces(record, bundle)), createGunzip(), entries);
  // Met below; without this it would count as unhandled while an entry is being written.
  reading.catch(() => undefined);
  for await (const entry of entries) {
    const { name } = entry.header;
    const path = join(folder, basename(dirname(name)) === 'blobs' ? 'blobs' : '', basename(name));
    await mkdir(dirname(path), { recursive: true });
    await pipeline(entry, createWriteStream(path, { flags: 'wx' }));
  }
  await reading;
}

async function* pieces(record: Exporting, bundle: Id<'bundle'>): AsyncGenerator<Uint8Array, void> {
  for (let at: number | null = 0; at !== null;) {
    const { content, next } = await record.readExport(bundle, at);
    yield content;
    at = next;
  }
}
