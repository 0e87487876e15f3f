import { existsSync } from 'node:fs';
import type { Id } from '../../shared/ids.ts';
import type { Later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import type { Reviewed, Reviews } from '../sessions/reviews.ts';
import { RunVersion } from '../sessions/run-version.ts';
import { reviewedFolders } from './carrying/reviewed-folders.ts';
import type { CarriedOn, LeftToReview, RunReviews } from './carrying/run-reviews.ts';
import type { RunRow } from './run-row.ts';

export interface ReviewedRunsNeeds {
  readonly data: string;
  readonly log: Log;
  readonly reviews: Later<Reviews>;
}

/** What runs left in folders under review: one version of each for all parts of a run, decided on as one. */
export class ReviewedRuns implements RunReviews {
  readonly #needs: ReviewedRunsNeeds;

  constructor(needs: ReviewedRunsNeeds) {
    this.#needs = needs;
  }

  /** Where nobody wrote, nothing is looked at. */
  async left(run: Id<'run'>): Promise<LeftToReview> {
    const { kept } = this.#version(run);
    if (!existsSync(kept)) return { review: 'none', changes: 0 };
    const changes = await (await this.#needs.reviews()).count(kept);
    return { review: changes === 0 ? 'none' : 'waiting', changes };
  }

  remove(run: Id<'run'>): Promise<void> {
    return this.#version(run).remove(this.#needs.log);
  }

  async carryOn(from: () => RunRow, to: Id<'run'>, signal: AbortSignal): Promise<CarriedOn> {
    const reviews = await this.#needs.reviews();
    await reviews.settled(this.#version(from().id).kept);
    const row = from();
    if (!row.reviewing) return row.review === 'none' || row.review === 'applied' ? 'there' : 'lost';
    try {
      await reviews.copy(this.toReview(row), this.#version(to).kept, signal);
      return 'copied';
    } catch (failure) {
      signal.throwIfAborted();
      this.#needs.log.warn({ err: failure, run: to, from: row.id }, 'what a run wrote could not be copied');
      return 'lost';
    }
  }

  changes(row: RunRow) {
    return this.#with((reviews) => reviews.changes(this.toReview(row)));
  }

  change(row: RunRow, key: string) {
    return this.#with((reviews) => reviews.text(this.toReview(row), key));
  }

  apply(row: RunRow, ...how: [keys: Parameters<Reviews['apply']>[1], by: Parameters<Reviews['apply']>[2]]) {
    return this.#with((reviews) => reviews.apply(this.toReview(row), ...how));
  }

  discard(row: RunRow, by: Parameters<Reviews['discard']>[1]) {
    return this.#with((reviews) => reviews.discard(this.toReview(row), by));
  }

  toReview({ id, phase, reviewing, review, ceiling }: RunRow): Reviewed {
    const version = this.#version(id);
    const why = phase === 'finished' ? 'It has no changes that wait.' : 'It is not over yet.';
    return {
      scope: { run: id },
      review,
      folders: reviewedFolders(ceiling),
      kept: version.kept,
      waits: reviewing || why,
      remove: () => version.remove(this.#needs.log),
    };
  }

  async #with<Result>(ask: (reviews: Reviews) => Promise<Result>): Promise<Result> {
    return ask(await this.#needs.reviews());
  }

  #version(run: Id<'run'>): RunVersion {
    return new RunVersion(this.#needs.data, run);
  }
}
