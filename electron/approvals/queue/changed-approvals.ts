/** Tells watchers which approvals changed; one that was not asked for meanwhile is told once. */
export class ChangedApprovals {
  readonly #watchers = new Set<{ changed: Set<string>; wake: () => void }>();

  changed(approval: string): void {
    for (const { changed, wake } of this.#watchers) {
      changed.add(approval);
      wake();
    }
  }

  /** Begins at once; ids in the order of their changes, until the signal. */
  follow(signal: AbortSignal): AsyncGenerator<string, void> {
    const watcher = { changed: new Set<string>(), wake: (): void => undefined };
    this.#watchers.add(watcher);
    return this.#tell(watcher, signal);
  }

  async *#tell(
    watcher: { changed: Set<string>; wake: () => void },
    signal: AbortSignal,
  ): AsyncGenerator<string, void> {
    try {
      while (!signal.aborted) {
        const [next] = watcher.changed;
        if (next === undefined) await woken(watcher, signal);
        else {
          watcher.changed.delete(next);
          yield next;
        }
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }
}

function woken(watcher: { wake: () => void }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    watcher.wake = done;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
