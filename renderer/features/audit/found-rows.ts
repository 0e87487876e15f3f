import type { Problem } from '../../../shared/problem.ts';
import { type EventRow, rowOf } from './event-row.ts';
import { PageCache } from './page-cache.ts';
import { PageLoader } from './page-loader.ts';
import { type AskPage, pageLength, pagesKept, type RowSource } from './row-source.ts';

interface Segment {
  /** The cursor that gives this page again after it was let go. */
  readonly before: number;
  readonly length: number;
}

/**
 * What a filter found. Where the next match lies is only known by asking, so pages are found one after
 * the other as somebody scrolls down; a page that was let go is asked for again by its cursor, and
 * gives the same rows because the past does not change.
 */
export class FoundRows implements RowSource {
  problem: Problem | null = null;
  version = 0;
  /** Arrived while following, newest first; becomes pages as it grows. */
  #head: EventRow[] = [];
  #segments: Segment[] = [];
  #found = 0;
  #next: number | null;
  readonly #ask: AskPage;
  readonly #pages = new PageCache<number, readonly EventRow[]>(pagesKept);
  readonly #loader = new PageLoader(
    (before, signal) => this.#load(before, signal),
    (problem) => this.#tell(problem),
    1,
  );
  readonly #listeners = new Set<() => void>();

  constructor(size: number, ask: AskPage) {
    this.#next = size;
    this.#ask = ask;
  }

  get count(): number {
    return this.#head.length + this.#found;
  }

  get complete(): boolean {
    return this.#next === null;
  }

  row(index: number): EventRow | undefined {
    if (index < this.#head.length) return this.#head[index];
    const place = this.#placeOf(index);
    return place && this.#pages.get(place.segment.before)?.[place.offset];
  }

  seqAt(index: number): number | undefined {
    return this.row(index)?.seq;
  }

  /** Only among what is in memory: a selected row always is, or is loaded by itself. */
  indexOf(seq: number): number | undefined {
    const inHead = this.#head.findIndex((row) => row.seq === seq);
    if (inHead >= 0) return inHead;
    let start = this.#head.length;
    for (const segment of this.#segments) {
      const offset = this.#pages.get(segment.before)?.findIndex((row) => row.seq === seq) ?? -1;
      if (offset >= 0) return start + offset;
      start += segment.length;
    }
    return undefined;
  }

  view(first: number, last: number): void {
    const wishes: number[] = [];
    for (let index = Math.max(first, this.#head.length); index <= last && index < this.count; index++) {
      const place = this.#placeOf(index);
      if (place && !wishes.includes(place.segment.before) && !this.#pages.get(place.segment.before)) {
        wishes.push(place.segment.before);
      }
    }
    if (last >= this.count - 1 && this.#next !== null) wishes.push(this.#next);
    this.#loader.wish(wishes);
  }

  prepend(rows: readonly EventRow[]): void {
    this.#head = [...rows.toReversed(), ...this.#head];
    while (this.#head.length >= 2 * pageLength) {
      const page = this.#head.slice(-pageLength);
      this.#head = this.#head.slice(0, -pageLength);
      const before = (page[0]?.seq ?? 0) + 1;
      this.#segments = [{ before, length: page.length }, ...this.#segments];
      this.#found += page.length;
      this.#pages.put(before, page);
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

  async #load(before: number, signal: AbortSignal): Promise<void> {
    const known = this.#segments.find((segment) => segment.before === before);
    const { events, next } = await this.#ask(before, known?.length ?? pageLength, signal);
    const rows = events.map(rowOf);
    if (!known) {
      this.#next = next;
      if (rows.length === 0) return;
      this.#segments = [...this.#segments, { before, length: rows.length }];
      this.#found += rows.length;
    }
    this.#pages.put(before, rows);
  }

  #placeOf(index: number): { segment: Segment; offset: number } | undefined {
    let offset = index - this.#head.length;
    for (const segment of this.#segments) {
      if (offset < segment.length) return { segment, offset };
      offset -= segment.length;
    }
    return undefined;
  }

  #tell(problem: Problem | null): void {
    this.problem = problem;
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
