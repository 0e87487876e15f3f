import { availableParallelism } from 'node:os';
import type { Checkpoint, PreviewWish, Withhold } from '../../shared/contract/record.ts';
import type { Id } from '../../shared/ids.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { Thread } from '../base/thread-call.ts';
import type { Exports } from './bundle/exports.ts';
import type { KeptCheckpoint } from './checkpoints/kept-checkpoint.ts';
import type { ReaderPool } from './looking/reader-pool.ts';
import type { SigningKeys } from './checkpoints/signing-keys.ts';
import { telling } from './telling.ts';
import { verifyingThread, verifyRecord } from './verify.ts';
import type { WriterCalls } from './writing.ts';

interface Parts {
  clock: Clock;
  version: string;
  kept: KeptCheckpoint;
  keys: SigningKeys;
  readers: ReaderPool;
  writer: Thread<WriterCalls>;
  exports: Exports;
}

/** A verification leaves one processor to everything else, where there is more than one. */
const defaultThreads = Math.min(4, Math.max(1, availableParallelism() - 1));

/** A bundle of fewer events makes no short question wait for long. */
const shortBundle = 1000;

/** What the record can prove: long jobs, each on reading threads. */
export class Proving {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  verify(options: { threads?: number | undefined; against: readonly string[] }, signal: AbortSignal) {
    const { clock, kept, keys, readers } = this.#parts;
    const given = options.against.map((note, i) => ({ name: `given ${i + 1}`, note }));
    return verifyRecord(
      {
        outside: [...kept.all(), ...given],
        trusted: keys.key ? [keys.key.text] : [],
        thread: () => verifyingThread(readers.own()),
        threads: options.threads ?? defaultThreads,
        clock,
      },
      signal,
    );
  }

  preview(range: PreviewWish) {
    return this.#parts.readers.call('exportPreview', range);
  }

  async *export(
    request: { from: number; to: number; withhold: Withhold; checkpoint: Checkpoint },
    signal: AbortSignal,
  ) {
    const { clock, keys, readers, exports, version } = this.#parts;
    const now = clock.now();
    const job = {
      ...request,
      checkpoint: request.checkpoint.note,
      folder: exports.folder,
      key: keys.require().text,
      bundle: newId('bundle', now),
      version,
      now: now.getTime(),
    };
    // A thread of its own takes longer to begin than a short bundle to be written.
    const isShort = request.to - request.from < shortBundle;
    const made = telling((tell) =>
      readers[isShort ? 'call' : 'alone']('exportBundle', job, { told: tell, signal }),
    );
    for await (const told of made) {
      if (told.result) exports.made(told.result.bundle);
      yield told;
    }
  }

  readExport(bundle: Id<'bundle'>, offset: number) {
    return this.#parts.exports.read(bundle, offset);
  }

  backup(destination: string, checkpoint: Checkpoint, signal: AbortSignal) {
    const { clock, keys, readers, version } = this.#parts;
    const job = {
      destination,
      checkpoint: checkpoint.note,
      key: keys.require().text,
      version,
      now: clock.now().getTime(),
    };
    return telling((tell) => readers.alone('backup', job, { told: tell, signal }));
  }

  async rebuild() {
    const { readers, writer } = this.#parts;
    const found = await readers.alone('rebuildCheck', null);
    const different = found.tables.filter((table) => table.differences > 0).map((table) => table.name);
    if (different.length > 0) await writer.call('rebuild', different);
    return found;
  }

  close(): Promise<void> {
    return this.#parts.exports.close();
  }
}
