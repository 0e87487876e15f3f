import type { Id } from '../../../shared/ids.ts';
import type { RunRow } from '../run-row.ts';

/** What a run wrote in folders under review, when it is over. */
export interface LeftToReview {
  readonly review: 'none' | 'waiting';
  /** Null: nobody could count them. */
  readonly changes: number | null;
}

/** What became of what another run wrote there, for one that keeps its results. */
export type CarriedOn =
  /** It works on a copy of it. */
  | 'copied'
  /** It is in the person's folders, or there never was anything. */
  | 'there'
  /** It was thrown away, or cannot be copied. */
  | 'lost';

/** What a living run asks about its folders under review. */
export interface RunReviews {
  left(run: Id<'run'>): Promise<LeftToReview>;
  /** Nothing of it waits for anybody. */
  remove(run: Id<'run'>): Promise<void>;
  /** Has one run go on with what another left to be decided, as that is by then; it waits where it is all the same. */
  carryOn(from: () => RunRow, to: Id<'run'>, signal: AbortSignal): Promise<CarriedOn>;
}
