import { recordKinds } from '../../../shared/events/record-kinds.ts';
import type { Erased, Mark, RangeAnswer } from './range.ts';
import { said } from './said.ts';
import type { Suspects } from './suspect.ts';

const erasedData = recordKinds['payload.erased'].data;
const prunedData = recordKinds['blobs.pruned'].data;

/** What no longer holds its content, and where the record itself says why. */
export class Excuses {
  readonly #erased: Erased[] = [];
  readonly #pruned: number[] = [];
  /** What the record says was erased, by event: `all`, or the places of blobs. */
  readonly #erasures = new Map<string, Set<number | 'all'>>();
  #lastPruning = -1;
  #prunedBlobs = 0;
  #prunedBytes = 0;

  get erased(): number {
    return this.#erased.length;
  }

  get pruned(): number {
    return this.#pruned.length;
  }

  add(answer: RangeAnswer): void {
    this.#erased.push(...answer.erased);
    this.#pruned.push(...answer.pruned);
    for (const mark of answer.marks) this.learn(mark);
  }

  learn({ seq, kind, data }: Mark): void {
    if (kind === 'payload.erased') {
      const erasure = said(erasedData, data);
      if (!erasure || erasure.seq >= seq) return;
      const name = nameOf(erasure.seq, erasure.event);
      const told = this.#erasures.get(name) ?? new Set();
      for (const place of erasure.blobs ?? ['all' as const]) told.add(place);
      this.#erasures.set(name, told);
    } else if (kind === 'blobs.pruned') {
      const pruning = said(prunedData, data);
      if (!pruning) return;
      this.#lastPruning = Math.max(this.#lastPruning, seq);
      this.#prunedBlobs += pruning.count;
      this.#prunedBytes += pruning.bytes;
    }
  }

  /** `gone`: how many blobs, and bytes of them, the store holds without content. */
  tell(gone: { blobs: number; bytes: number }, suspects: Suspects): void {
    for (const { seq, id, place } of this.#erased) {
      const told = this.#erasures.get(nameOf(seq, id));
      if (told?.has('all') || (place !== undefined && told?.has(place))) continue;
      if (place === undefined) {
        suspects.add(
          'data_changed',
          seq,
          `What event ${seq} carried is gone, and no event says that it was erased.`,
        );
      } else {
        suspects.add(
          'blob_missing',
          seq,
          `Blob ${place} of event ${seq} is gone, and no event says that it was erased.`,
        );
      }
    }
    for (const seq of this.#pruned) {
      if (seq > this.#lastPruning) {
        suspects.add(
          'blob_missing',
          seq,
          `A blob of event ${seq} is gone, and no later event says that it was pruned.`,
        );
      }
    }
    const first = this.#pruned[0];
    if (first === undefined || first > this.#lastPruning) return;
    if (gone.blobs > this.#prunedBlobs || gone.bytes > this.#prunedBytes) {
      suspects.addRange(
        'blob_missing',
        first,
        this.#pruned.at(-1)!,
        `${gone.blobs} blobs are gone, but the record’s events say that ${this.#prunedBlobs} were pruned.`,
      );
    }
  }
}

const nameOf = (seq: number, id: string) => `${seq} ${id}`;
