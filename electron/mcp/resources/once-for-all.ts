import type { Log } from '../../base/log.ts';

/** Something that is followed once, however many want to hear of it, and only while somebody does. */
export class OnceForAll {
  readonly #what: string;
  readonly #log: Log;
  readonly #follow: (signal: AbortSignal) => Promise<void>;
  #following: AbortController | null = null;

  /** `what`: in the words of the log, where it cannot be followed. */
  constructor(what: string, log: Log, follow: (signal: AbortSignal) => Promise<void>) {
    this.#what = what;
    this.#log = log;
    this.#follow = follow;
  }

  wanted(isWanted: boolean): void {
    if (isWanted) return this.#following === null ? this.#begin() : undefined;
    this.#following?.abort();
    this.#following = null;
  }

  #begin(): void {
    const following = new AbortController();
    this.#following = following;
    this.#follow(following.signal).catch((failure: unknown) => {
      this.#log.error({ err: failure }, `changes of ${this.#what} cannot be told by MCP`);
      if (this.#following === following) this.#following = null;
    });
  }
}
