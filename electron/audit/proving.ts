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

interface ExportJob {
  readonly from: number;
  readonly to: number;
  readonly withhold: Withhold;
  readonly checkpoint: Checkpoint;
}

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

  async *export(request: ExportJob, signal: AbortSignal) {
    const { clock, exports } = this.#parts;
    const bundle = newId('bundle', clock.now());
    const job = { ...this.#job(request), folder: exports.folder, bundle };
    const made = telling((tell) => this.#by(request)('exportBundle', job, { told: tell, signal }));
    for await (const told of made) {
      if (told.result) exports.made(told.result.bundle);
      yield told;
    }
  }

  async exportInto(folder: string, request: ExportJob, signal: AbortSignal): Promise<void> {
    await this.#by(request)('exportInto', { ...this.#job(request), folder }, { signal });
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
    const indexed = await writer.call('index', null);
    const found = await readers.alone('rebuildCheck', { indexed });
    const different = found.tables.filter((table) => table.differences > 0).map((table) => table.name);
    if (different.length > 0) await writer.call('rebuild', different);
    return found;
  }

  #job({ from, to, withhold, checkpoint }: ExportJob) {
    const { clock, keys, version } = this.#parts;
    const key = keys.require().text;
    return { from, to, withhold, checkpoint: checkpoint.note, key, version, now: clock.now().getTime() };
  }

  /** A thread of its own takes longer to begin than a short bundle to be written. */
  #by({ from, to }: ExportJob): ReaderPool['call'] {
    const { readers } = this.#parts;
    return to - from < shortBundle ? readers.call.bind(readers) : readers.alone.bind(readers);
  }

  close(): Promise<void> {
    return this.#parts.exports.close();
  }
}
