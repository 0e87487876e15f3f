import type { Problem } from '../../../shared/problem.ts';
import { type EventRow, rowOf } from './event-row.ts';
import { PageCache } from './page-cache.ts';
import { PageLoader } from './page-loader.ts';
import { type AskPage, pageLength, pagesKept, type RowSource } from './row-source.ts';

/**
 * The whole record, unfiltered. Sequence numbers have no gaps, so every row's place is known before
 * it is loaded, and any part can be looked at without what lies between.
 */
export class EveryRow implements RowSource {
  readonly complete = true;
  problem: Problem | null = null;
  version = 0;
  #size: number;
  readonly #ask: AskPage;
  readonly #pages = new PageCache<number, (EventRow | undefined)[]>(pagesKept);
  readonly #loader = new PageLoader(
    (page, signal) => this.#load(page, signal),
    (problem) => this.#tell(problem),
  );
  readonly #listeners = new Set<() => void>();

  constructor(size: number, ask: AskPage) {
    this.#size = size;
    this.#ask = ask;
  }

  get count(): number {
    return this.#size;
  }

  row(index: number): EventRow | undefined {
    const seq = this.#size - 1 - index;
    return this.#pages.get(Math.floor(seq / pageLength))?.[seq % pageLength];
  }

  seqAt(index: number): number | undefined {
    return index >= 0 && index < this.#size ? this.#size - 1 - index : undefined;
  }

  indexOf(seq: number): number | undefined {
    return seq >= 0 && seq < this.#size ? this.#size - 1 - seq : undefined;
  }

  view(first: number, last: number): void {
    const wishes: number[] = [];
    for (let index = first; index <= last && index < this.#size; index++) {
      const page = Math.floor((this.#size - 1 - index) / pageLength);
      if (!wishes.includes(page) && this.row(index) === undefined) wishes.push(page);
    }
    this.#loader.wish(wishes);
  }

  prepend(rows: readonly EventRow[]): void {
    for (const row of rows) {
      if (row.seq < this.#size) continue;
      this.#size = row.seq + 1;
      this.#place(row);
    }
    this.#tell(this.problem);
  }

  retry(): void {
    this.#loader.retry();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#loader.close();
  }

  async #load(page: number, signal: AbortSignal): Promise<void> {
    const { events } = await this.#ask((page + 1) * pageLength, pageLength, signal);
    for (const event of events) if (event.seq >= page * pageLength) this.#place(rowOf(event));
  }

  #place(row: EventRow): void {
    const key = Math.floor(row.seq / pageLength);
    let page = this.#pages.get(key);
    if (!page) this.#pages.put(key, (page = []));
    page[row.seq % pageLength] = row;
  }

  #tell(problem: Problem | null): void {
    this.problem = problem;
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
