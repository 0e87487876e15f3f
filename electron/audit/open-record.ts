import { join } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { makePrivateFolder } from '../base/private-files.ts';
import type { BegunThread } from '../base/thread-begun.ts';
import { Thread } from '../base/thread-call.ts';
import { databaseName, openForReading } from '../store/database.ts';
import type { Vault } from '../store/vault.ts';
import { Exports } from './bundle/exports.ts';
import { KeptCheckpoint } from './checkpoints/kept-checkpoint.ts';
import { LiveRecord } from './live-record.ts';
import { Proving } from './proving.ts';
import { ReaderPool } from './looking/reader-pool.ts';
import type { AuditRecord } from './record.ts';
import { SigningKeys } from './checkpoints/signing-keys.ts';
import type { WriterCalls } from './writing.ts';

export interface RecordOptions {
  /** The data folder; the caller holds its lock. */
  folder: string;
  vault: Vault | Promise<Vault>;
  clock: Clock;
  log: Log | Promise<Log>;
  version: string;
  /** Entry files of the writing and the reading threads; the writing one may have begun already. */
  threads: { writer: URL | BegunThread; reader: URL };
  /** Called when reading threads have ended because nobody asked any more. */
  rested?: () => void;
}

/**
 * Opens the record of a data folder, or begins one. The writing thread takes longest to start, so it
 * is started before anything else is waited for.
 */
export async function openRecord(options: RecordOptions): Promise<AuditRecord> {
  const { folder, clock } = options;
  await makePrivateFolder(folder);
  const path = join(folder, databaseName);
  const writer = new Thread<WriterCalls>(options.threads.writer);
  const opening = writer.call('open', { path, newLog: `holdfast/${newId('event', clock.now()).slice(4)}` });
  try {
    const [opened, vault, log] = await Promise.all([opening, options.vault, options.log]);
    const kept = new KeptCheckpoint(folder);
    if (!(await writer.call('fits', { note: kept.read() }))) {
      log.error('the kept checkpoint does not fit the record: `holdfast verify` tells more');
      kept.setAside(clock.now());
    }
    const keys = new SigningKeys(vault, opened.log);
    const readers = new ReaderPool({
      entry: options.threads.reader,
      path,
      clock,
      most: 2,
      ended: () => {
        options.rested?.();
        // One that is gone by now has nothing to give back.
        writer.call('rest', null).catch(() => undefined);
      },
    });
    const exports = new Exports(join(folder, 'exports'), clock);
    await exports.clear();
    const record = new LiveRecord({
      opened,
      clock,
      log,
      vault,
      kept,
      keys,
      writer,
      readers,
      rows: openForReading(path),
      proving: new Proving({ clock, version: options.version, kept, keys, readers, writer, exports }),
    });
    await record.begin();
    return record;
  } catch (thrown) {
    // A thread that is ended in the middle of opening a database takes the whole process with it.
    await opening.catch(() => undefined);
    await writer.close();
    throw Problem.of(thrown);
  }
}
