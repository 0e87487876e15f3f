import { watch } from 'node:fs/promises';

/** Yields once at the beginning, and once after each burst of changes in a folder. */
export async function* watchFolder(folder: string, signal: AbortSignal): AsyncGenerator<void, void> {
  const changes = watch(folder, { signal })[Symbol.asyncIterator]();
  try {
    let next = changes.next();
    yield;
    for (;;) {
      await next;
      next = changes.next();
      // An editor saves in several steps: what has already been told belongs to the same change.
      for (let again = await settled(next); again; again = await settled(next)) next = changes.next();
      yield;
    }
  } catch (failure) {
    if ((failure as Error).name !== 'AbortError') throw failure;
  } finally {
    await changes.return?.();
  }
}

async function settled(next: Promise<unknown>): Promise<boolean> {
  const none = Symbol('nothing yet');
  const first = await Promise.race([next, new Promise((resolve) => setImmediate(resolve, none))]);
  return first !== none;
}
