import type { Progress, Told } from './record.ts';

/** A job on a thread, as a stream: its progress while it runs, last its result. Of unread progress only the newest is kept. */
export async function* telling<Result>(
  start: (told: (progress: Progress) => void) => Promise<Result>,
): AsyncGenerator<Told<Result>> {
  let newest: Progress | undefined;
  let wake = Promise.withResolvers<boolean>();
  const job = start((progress) => {
    newest = progress;
    wake.resolve(false);
  });
  const finished = job.then(
    () => true,
    () => true,
  );
  for (;;) {
    const over = await Promise.race([finished, wake.promise]);
    wake = Promise.withResolvers<boolean>();
    const progress = newest;
    newest = undefined;
    if (progress) yield { progress };
    if (over) break;
  }
  yield { result: await job };
}
