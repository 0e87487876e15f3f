import { Worker } from 'node:worker_threads';

/** A thread that loads while nobody listens to it yet. */
export interface BegunThread {
  readonly worker: Worker;
  /** Resolves with what ended it, also where that was before anybody listened. */
  readonly over: Promise<unknown>;
}

/** Known to no other file, so that an entry can begin a thread before it loads anything else. */
export function beginThread(entry: URL, workerData?: unknown): BegunThread {
  const worker = new Worker(entry, { workerData });
  const over = new Promise<unknown>((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', () => resolve(undefined));
  });
  return { worker, over };
}
