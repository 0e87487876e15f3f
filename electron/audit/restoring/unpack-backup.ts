import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { Problem } from '../../../shared/problem.ts';
import { databaseName } from '../../store/database.ts';
import { backupFolder } from '../backing-up/backup.ts';
import type { Progress } from '../record.ts';

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

const smallFiles = ['backup.json', 'checkpoint', 'key'];
const mostOfSmall = 64 * 1024;

/** Unpacks a backup into a folder of its own: exactly the files that a backup has, each once. */
export async function unpackBackup(
  file: string,
  folder: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<{ checkpoint: string; key: string }> {
  const total = await sizeOf(file);
  const source = createReadStream(file, { highWaterMark: 256 * 1024, signal });
  const entries = extract();
  const reading = pipeline(source, createGunzip(), entries);
  // Met below; without this it would count as unhandled while an entry is being written.
  reading.catch(() => undefined);
  const found = new Map<string, string>();
  try {
    for await (const entry of entries) {
      await takeEntry(entry, folder, found, () =>
        tell({ phase: 'unpacking', done: source.bytesRead, total }),
      );
    }
    await reading;
  } catch (thrown) {
    if (thrown instanceof Problem || signal.aborted) throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new Problem('storage_full', 'There is no room to unpack the backup.', 'Free some space.');
    throw new Problem('invalid_input', `${file} is not a whole backup: ${message}.`, 'Choose another file.');
  }
  const [checkpoint, key] = [found.get('checkpoint'), found.get('key')?.trimEnd()];
  if (checkpoint === undefined || key === undefined || !found.has(databaseName)) {
    throw new Problem('invalid_input', `${file} is not a whole backup.`, 'Choose another file.');
  }
  return { checkpoint, key };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    throw new Problem('not_found', `There is no file ${file}.`);
  }
}

async function takeEntry(
  entry: Entry,
  folder: string,
  found: Map<string, string>,
  tell: () => void,
): Promise<void> {
  const { name, type, size } = entry.header;
  const known = [databaseName, ...smallFiles].find((candidate) => name === `${backupFolder}/${candidate}`);
  if (
    known === undefined ||
    type !== 'file' ||
    found.has(known) ||
    (known !== databaseName && size > mostOfSmall)
  ) {
    throw new Problem(
      'invalid_input',
      `“${name.slice(0, 100)}” does not belong to a backup.`,
      'Choose another file.',
    );
  }
  const path = join(folder, known);
  const content = telling(entry, tell);
  await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  found.set(known, known === databaseName ? '' : readFileSync(path, 'utf8'));
}

async function* telling(entry: Entry, tell: () => void): AsyncGenerator<Uint8Array> {
  for await (const piece of entry as AsyncIterable<Uint8Array>) {
    tell();
    yield piece;
  }
}
