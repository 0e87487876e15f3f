import type { BlobStamp } from '../../shared/events/event.ts';
import type { Checkpoint } from '../../shared/contract/record.ts';
import type { Prepared } from './appending/prepare.ts';

/** What the writer made of one event. */
export interface Written {
  seq: number;
  stamps: BlobStamp[];
}

export interface WriterOpened {
  log: string;
  size: number;
  checkpoint: Checkpoint | null;
  lastKind: string | null;
  /** Set where a backup was put in place and no event says so yet. */
  restored: string | null;
}

/** Blobs that may go, with when each was last used as it was listed. */
export interface Prunable {
  blobs: readonly { hash: string; used: number }[];
  bytes: number;
  /** Those that the policy would let go as well, and that somebody needs still. */
  left: { count: number; bytes: number };
}

/** What happens to earlier payloads in the same transaction as the event that says so. */
export interface Effect {
  /** Of which event: all that it carries, or the blobs at these places alone. */
  erase?: number | { seq: number; blobs: readonly number[] };
  prune?: Prunable['blobs'];
  /** Private keys (PEM), newest first, that sign from here on, and at once: the event names the first of them. */
  keys?: readonly string[];
}

export interface Appended {
  written: Written[];
  size: number;
  /** Set where these events made a checkpoint due. */
  checkpoint: Checkpoint | null;
}

export type WriterCalls = {
  /** Touches nothing before this: the thread may have begun before anybody knew the record. */
  open: [{ path: string; newLog: string }, never, WriterOpened & { indexed: number }];
  /** Private keys (PEM), newest first: two only while one takes over from the other. */
  keys: [readonly string[], never, null];
  append: [{ events: readonly Prepared[]; effect?: Effect }, never, Appended];
  /** From here on every event is found by its words; answers with how many there are. */
  index: [null, never, number];
  checkpoint: [null, never, Checkpoint];
  /** Nobody reads any more: where nothing is written either, what was taken for work is given back. */
  rest: [null, never, null];
  /** Empties the write-ahead log of what was erased; false while somebody still reads from before. */
  forget: [null, never, boolean];
  /** Whether a kept checkpoint is one of this log's own past states. */
  fits: [{ note: string | null }, never, boolean];
  /** Blobs that a policy would let go: older than `before`, or the oldest beyond `maxBytes`. */
  prunable: [{ before: number | null; maxBytes: number | null }, never, Prunable];
  /** Empties the named derived tables and derives them again. */
  rebuild: [readonly string[], never, null];
  close: [null, never, null];
};
