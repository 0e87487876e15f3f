import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';

/**
 * Loads pages two at a time, in the order in which they are wished for now. While somebody scrolls
 * fast, wishes for what is no longer in view are dropped before they are asked. After a failure it
 * stands still until `retry`, so that a lost connection is not hammered.
 */
export class PageLoader {
  #wishes: readonly number[] = [];
  #stopped = false;
  readonly #running = new Set<number>();
  readonly #life = new AbortController();
  readonly #load: (page: number, signal: AbortSignal) => Promise<void>;
  readonly #failed: (problem: Problem | null) => void;
  readonly #together: number;

  constructor(
    load: (page: number, signal: AbortSignal) => Promise<void>,
    failed: (problem: Problem | null) => void,
    together = 2,
  ) {
    this.#load = load;
    this.#failed = failed;
    this.#together = together;
  }

  wish(pages: readonly number[]): void {
    this.#wishes = pages.filter((page) => !this.#running.has(page));
    this.#next();
  }

  retry(): void {
    this.#stopped = false;
    this.#next();
  }

  close(): void {
    this.#wishes = [];
    this.#life.abort();
  }

  #next(): void {
    while (!this.#stopped && this.#running.size < this.#together) {
      const [page, ...rest] = this.#wishes;
      if (page === undefined || this.#life.signal.aborted) return;
      this.#wishes = rest;
      this.#running.add(page);
      void this.#run(page);
    }
  }

  async #run(page: number): Promise<void> {
    try {
      await this.#load(page, this.#life.signal);
      this.#failed(null);
    } catch (thrown) {
      if (this.#life.signal.aborted) return;
      this.#stopped = true;
      this.#wishes = [page, ...this.#wishes];
      this.#failed(problemOf(thrown));
    } finally {
      this.#running.delete(page);
      this.#next();
    }
  }
}
