import { Worker } from 'node:worker_threads';

/** A thread that loads while nobody listens to it yet. */
export interface BegunThread {
  readonly worker: Worker;
  /** Resolves with what ended it, also where that was before anybody listened. */
  readonly over: Promise<unknown>;
  /**
   * Resolves when it has loaded what it needs, or is over. Nothing may end it before: an addon in native code that is
   * just being loaded takes the whole process with it.
   */
  readonly loaded: Promise<unknown>;
}

/** Known to no other file, so that an entry can begin a thread before it loads anything else. */
export function beginThread(entry: URL, workerData?: unknown): BegunThread {
  const worker = new Worker(entry, { workerData });
  const over = new Promise<unknown>((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', () => resolve(undefined));
  });
  // The first that it says, it says when it has loaded: nobody has asked it anything before.
  const here = new Promise<unknown>((resolve) => worker.once('message', resolve));
  return { worker, over, loaded: Promise.race([here, over]) };
}
