import { Problem } from '../../../shared/problem.ts';

/** A sandbox that works on versions of folders, or wants to. */
export interface VersionUser {
  /** Where the versions lie. */
  readonly kept: string;
  /** What it writes, and what it reads beside that. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** Whether something is done in it now. */
  readonly busy: boolean;
  /** Asked to go as soon as nothing is done in it: somebody else waits. */
  yield(): void;
}

/**
 * Whose turn it is on the versions of a run’s folders: one sandbox writes to one of them, or several read it. What lies
 * under a mounted overlay is never written by another one. Parts take turns by their places; this is for agents that a
 * part started and that work in sandboxes of their own.
 */
export class VersionTurns {
  readonly #users = new Set<VersionUser>();
  #gone = Promise.withResolvers<void>();
  readonly #making = new Map<string, Promise<unknown>>();

  /** Resolves when it is its turn. Never while one that it was started from is at work there: that waits for it. */
  async take(user: VersionUser, above: ReadonlySet<VersionUser>, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const others = [...this.#users].filter((other) => clash(user, other));
      if (others.length === 0) {
        this.#users.add(user);
        return;
      }
      if (others.some((other) => other.busy && above.has(other))) throw occupied();
      const gone = this.#gone.promise;
      for (const other of others) other.yield();
      await unlessAborted(gone, signal);
    }
  }

  free(user: VersionUser): void {
    if (!this.#users.delete(user)) return;
    const { resolve } = this.#gone;
    this.#gone = Promise.withResolvers();
    resolve();
  }

  /** What is kept of all of them stands in one description, which one at a time adds to. */
  async making<Result>(kept: string, make: () => Promise<Result>): Promise<Result> {
    const before = this.#making.get(kept) ?? Promise.resolve();
    const made = before.then(make, make);
    this.#making.set(kept, made);
    try {
      return await made;
    } finally {
      if (this.#making.get(kept) === made) this.#making.delete(kept);
    }
  }
}

function clash(one: VersionUser, other: VersionUser): boolean {
  const touches = (user: VersionUser, path: string) =>
    user.writes.includes(path) || user.reads.includes(path);
  if (one.kept !== other.kept) return false;
  return (
    one.writes.some((path) => touches(other, path)) || one.reads.some((path) => other.writes.includes(path))
  );
}

function occupied(): Problem {
  return new Problem(
    'conflict',
    'The agent that started this one is at work on the same folder under review, in another sandbox.',
    'End what runs there first, or start this agent with the same hosts: then both work in one sandbox.',
  );
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason as Error);
    signal.addEventListener('abort', aborted, { once: true });
    void promise.then(resolve).finally(() => signal.removeEventListener('abort', aborted));
  });
}
