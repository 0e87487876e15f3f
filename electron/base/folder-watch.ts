import { watch } from 'node:fs/promises';
import { makePrivateFolder } from './private-files.ts';

/** Yields once at the beginning, and once after each burst of changes in a folder. */
export async function* watchFolder(folder: string, signal: AbortSignal): AsyncGenerator<void, void> {
  const changes = watch(folder, { signal })[Symbol.asyncIterator]();
  // Whoever leaves while nothing happens leaves a promise behind that ends by the signal: nobody waits for it.
  const nextChange = () => {
    const next = changes.next();
    next.catch(() => undefined);
    return next;
  };
  try {
    let next = nextChange();
    yield;
    for (;;) {
      await next;
      next = nextChange();
      // An editor saves in several steps: what has already been told belongs to the same change.
      while (await isSettled(next)) next = nextChange();
      yield;
    }
  } catch (failure) {
    if ((failure as Error).name !== 'AbortError') throw failure;
  } finally {
    await changes.return?.();
  }
}

async function isSettled(next: Promise<unknown>): Promise<boolean> {
  const none = Symbol('nothing yet');
  const first = await Promise.race([next, new Promise((resolve) => setImmediate(resolve, none))]);
  return first !== none;
}

/** What a folder says, and again whenever that is something else; a file's steps into being are no news. */
export async function* watchSaid<Said>(
  folder: string,
  read: () => Promise<Said>,
  signal: AbortSignal,
): AsyncGenerator<Said, void> {
  await makePrivateFolder(folder);
  let told = '';
  for await (const _ of watchFolder(folder, signal)) {
    const said = await read();
    const now = JSON.stringify(said);
    if (now !== told) yield said;
    told = now;
  }
}
