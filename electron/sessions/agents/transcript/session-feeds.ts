import type { TranscriptEntry } from '../../../../shared/agent-session.ts';
import type { Id } from '../../../../shared/ids.ts';
import type { TranscriptPages } from './pages.ts';
import { type FeedRecord, SessionFeed } from './session-feed.ts';

/** The feeds of sessions that somebody follows. */
export class SessionFeeds {
  readonly #record: FeedRecord;
  readonly #pages: (id: Id<'session'>) => Promise<TranscriptPages>;
  readonly #feeds = new Map<string, SessionFeed>();

  constructor(record: FeedRecord, pages: (id: Id<'session'>) => Promise<TranscriptPages>) {
    this.#record = record;
    this.#pages = pages;
  }

  /** Entries newer than a number, and from then on each that is new or another; until the session ends. */
  async *follow(
    id: Id<'session'>,
    after: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptEntry, void> {
    let feed = this.#feeds.get(id);
    if (!feed) {
      const made = new SessionFeed(
        this.#record,
        id,
        () => this.#pages(id),
        () => {
          if (this.#feeds.get(id) === made) this.#feeds.delete(id);
        },
      );
      feed = made;
      this.#feeds.set(id, feed);
    }
    yield* feed.follow(after, signal);
  }
}
