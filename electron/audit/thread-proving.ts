import { availableParallelism } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type { Thread } from '../base/thread-call.ts';
import type { KeptCheckpoint } from './kept-checkpoint.ts';
import type { ReaderPool } from './reader-pool.ts';
import type { SigningKeys } from './signing-keys.ts';
import { verifyingThread, verifyRecord } from './verify.ts';
import type { WriterCalls } from './writing.ts';

interface Parts {
  clock: Clock;
  kept: KeptCheckpoint;
  keys: SigningKeys;
  readers: ReaderPool;
  writer: Thread<WriterCalls>;
}

/** A verification leaves one processor to everything else, where there is more than one. */
const defaultThreads = Math.min(4, Math.max(1, availableParallelism() - 1));

export class ThreadProving {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  verify(
    { threads = defaultThreads, against }: { threads?: number | undefined; against: readonly string[] },
    signal: AbortSignal,
  ) {
    const { clock, kept, keys, readers } = this.#parts;
    const given = against.map((note, i) => ({ name: `given ${i + 1}`, note }));
    const trusted = keys.key ? [keys.key.text] : [];
    const thread = () => verifyingThread(readers.own());
    return verifyRecord({ outside: [...kept.all(), ...given], trusted, thread, threads, clock }, signal);
  }

  async rebuild() {
    const { readers, writer } = this.#parts;
    const found = await readers.call('rebuildCheck', null);
    const different = found.tables.filter((table) => table.differences > 0).map((table) => table.name);
    if (different.length > 0) await writer.call('rebuild', different);
    return found;
  }
}
