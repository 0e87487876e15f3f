import type { Progress, Told } from './record.ts';

/** A job on a thread, as a stream: its progress while it runs, last its result. Of unread progress only the newest is kept. */
export async function* telling<Result>(
  start: (told: (progress: Progress) => void) => Promise<Result>,
): AsyncGenerator<Told<Result>> {
  let newest: Progress | undefined;
  let wake = Promise.withResolvers<void>();
  let finished = false;
  const job = start((progress) => {
    newest = progress;
    wake.resolve();
  }).finally(() => {
    finished = true;
    wake.resolve();
  });
  // Met at the end; a reader that stops early must not leave an unhandled failure.
  job.catch(() => undefined);
  while (!finished) {
    await wake.promise;
    wake = Promise.withResolvers<void>();
    if (newest) yield { progress: newest };
    newest = undefined;
  }
  yield { result: await job };
}
