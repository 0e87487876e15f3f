import type { EventPage } from '../../../shared/contract/record.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { EventRow } from './event-row.ts';

/** Asks the record for one page of the present filter: `limit` events older than `before`, newest first. */
export type AskPage = (before: number, limit: number, signal: AbortSignal) => Promise<EventPage>;

/** Rows of a list that is never in memory as a whole. Index 0 is the newest row shown. */
export interface RowSource {
  /** Rows there are as far as is known; `complete` says whether that is all. */
  readonly count: number;
  readonly complete: boolean;
  readonly problem: Problem | null;
  row(index: number): EventRow | undefined;
  /** Undefined where it is only known once that part is loaded. */
  seqAt(index: number): number | undefined;
  indexOf(seq: number): number | undefined;
  /** What is in view now; loads what is missing of it and forgets what was wished for before. */
  view(first: number, last: number): void;
  /** New rows that arrived while following, oldest first. */
  prepend(rows: readonly EventRow[]): void;
  /** Goes on loading after a problem. */
  retry(): void;
  subscribe(listener: () => void): () => void;
  /** Changes whenever something of the above did. */
  readonly version: number;
  /** Loads nothing more. What is there stays to be seen until another source takes its place. */
  close(): void;
}

export const pageLength = 100;
/** 60 pages of 100 rows: about 3 MB. */
export const pagesKept = 60;
