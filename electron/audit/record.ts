import type { Draft, EventKind } from '../../shared/events/catalogue.ts';
import type { Actor, RecordedEvent } from '../../shared/events/event.ts';
import type {
  Checkpoint,
  EventFilter,
  EventPage,
  ExportPreview,
  PreviewWish,
  Proof,
  RecordState,
  Verification,
  Withhold,
} from '../../shared/contract/record.ts';
import type { Id } from '../../shared/ids.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Cell } from './projection.ts';

export interface Progress {
  phase: string;
  done: number;
  total: number;
}

/** What a long job tells: how far it is, and last its result. */
export type Told<Result> =
  { progress: Progress; result?: undefined } | { result: Result; progress?: undefined };

export interface BundleMade {
  bundle: Id<'bundle'>;
  name: string;
  bytes: number;
  sha256: string;
  events: number;
  withheld: number;
}

/** The record, as every other room sees it. `openRecord` makes one. */
export interface Pruned {
  readonly count: number;
  readonly bytes: number;
  readonly left: { readonly count: number; readonly bytes: number };
}

export interface Erased {
  /** As it was. */
  readonly event: RecordedEvent;
  /** The names of the blobs that went. */
  readonly blobs: ReadonlySet<string>;
}

export interface AuditRecord {
  /** Resolves when the event is durable; rejects with a Problem (`storage_full`, `invalid_input`) and writes nothing otherwise. */
  append(draft: Draft): Promise<RecordedEvent>;
  /** All or nothing, in one transaction, with consecutive sequence numbers. */
  appendAll(drafts: readonly Draft[]): Promise<readonly RecordedEvent[]>;

  state(): RecordState;
  /** Called after each change of `state()`; returns the function that ends it. */
  onChange(listener: () => void): () => void;
  /** Hears what was erased as soon as it is, before whoever asked for it: so that nobody keeps it in memory. */
  onErased(listener: (gone: Erased) => void): () => void;
  settings(): Settings;

  query(question: {
    filter: EventFilter;
    before?: number | undefined;
    after?: number | undefined;
    limit: number;
  }): Promise<EventPage>;
  /** By sequence number, id or unique beginning of an id. */
  get(event: string): Promise<{ event: RecordedEvent; header: string; proof: Proof }>;
  blob(
    seq: number,
    index: number,
    offset: number,
  ): Promise<{ name: string; type: string; size: number; content: Uint8Array; next: number | null }>;
  /**
   * Events of a session whose blobs hold a text, the newest first, without a blob leaving the reading thread. One
   * answer looks through a bounded part; `next` goes on as `before`. `leave`: names in JSON whose values do not count.
   */
  searchBlobs(question: {
    session: string;
    kinds: readonly EventKind[];
    text: string;
    leave: readonly string[];
    before: number;
    limit: number;
  }): Promise<{ readonly seqs: readonly number[]; readonly next: number | null }>;
  /** Batches in order without gap or double, from `from` on. A slow reader costs no memory: it reads on from the store. */
  follow(
    question: { from?: number | undefined; filter: EventFilter },
    signal: AbortSignal,
  ): AsyncGenerator<{ events: RecordedEvent[]; next: number }>;
  followers(): number;
  /** Reads derived rows: small, indexed look-ups only. */
  rows(sql: string, ...values: Cell[]): readonly Record<string, Cell>[];

  checkpoint(): Promise<Checkpoint>;
  rotateKey(reason: string, by: Actor): Promise<{ key: string; fingerprint: string }>;
  /** All that the event carries, or the blobs at these places alone: those of any event may go. */
  erase(seq: number, reason: string, by: Actor, blobs?: readonly number[]): Promise<RecordedEvent>;
  /** What sessions that have not ended need is left, and how much of it there is. */
  prune(options: { dryRun: boolean; by: Actor }): Promise<Pruned>;

  verify(
    options: { threads?: number | undefined; against: readonly string[]; by: Actor },
    signal: AbortSignal,
  ): AsyncGenerator<Told<Verification>>;
  /** Checkpoints that were kept and do not fit the record: evidence, by their file names. */
  misfits(): readonly string[];
  exportPreview(range: PreviewWish): Promise<ExportPreview>;
  export(
    request: { from: number; to: number; withhold: Withhold; by: Actor },
    signal: AbortSignal,
  ): AsyncGenerator<Told<BundleMade>>;
  /** The files of a bundle, in a folder that is there and empty; nothing is written down of it. */
  exportInto(
    folder: string,
    request: { from: number; to: number; withhold: Withhold },
    signal: AbortSignal,
  ): Promise<void>;
  readExport(bundle: Id<'bundle'>, offset: number): Promise<{ content: Uint8Array; next: number | null }>;
  backup(
    path: string,
    by: Actor,
    signal: AbortSignal,
  ): AsyncGenerator<Told<{ path: string; bytes: number; size: number }>>;
  rebuild(
    by: Actor,
  ): Promise<{ tables: { name: string; rows: number; differences: number }[]; differences: number }>;

  /** Writes what waits, signs a last checkpoint, closes every thread and connection. */
  close(): Promise<void>;
}
