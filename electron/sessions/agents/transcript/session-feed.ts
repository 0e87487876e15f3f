import type { TranscriptEntry } from '../../../../shared/agent-session.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { Id } from '../../../../shared/ids.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import { eventsOf } from '../journal/record-journal.ts';
import type { TranscriptPages } from './pages.ts';

export type FeedRecord = Pick<AuditRecord, 'follow' | 'query'>;

/** So many entries wait for one follower; beyond that, it reads them from the record when it comes to them. */
const mostWaiting = 200;
const eventsAtOnce = 100;

/** What one follower has not taken yet. */
interface Follower {
  readonly waiting: Map<string, TranscriptEntry>;
  /** From this event on it has to read from the record. */
  behind: number | null;
  wake: () => void;
}

/** What becomes new in the transcript of one session: made once, however many follow it. */
export class SessionFeed {
  readonly #record: FeedRecord;
  readonly #id: Id<'session'>;
  readonly #pages: () => Promise<TranscriptPages>;
  readonly #deserted: () => void;
  readonly #followers = new Set<Follower>();
  #leaving: AbortController | null = null;
  #over = false;
  #failure: Problem | null = null;

  constructor(
    record: FeedRecord,
    id: Id<'session'>,
    pages: () => Promise<TranscriptPages>,
    deserted: () => void,
  ) {
    this.#record = record;
    this.#id = id;
    this.#pages = pages;
    this.#deserted = deserted;
  }

  async *follow(after: number | undefined, signal: AbortSignal): AsyncGenerator<TranscriptEntry, void> {
    const behind = after === undefined ? null : after + 1;
    const follower: Follower = { waiting: new Map(), behind, wake: () => undefined };
    this.#followers.add(follower);
    this.#leaving ??= this.#begin();
    try {
      while (!signal.aborted) {
        if (follower.behind !== null) {
          if (yield* this.#missed(follower, signal)) return;
          continue;
        }
        const [next] = follower.waiting;
        if (next) {
          follower.waiting.delete(next[0]);
          yield next[1];
          continue;
        }
        if (this.#failure !== null) throw this.#failure;
        if (this.#over) return;
        await woken(follower, signal);
      }
    } finally {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) {
        this.#deserted();
        this.#leaving.abort();
      }
    }
  }

  #begin(): AbortController {
    const leaving = new AbortController();
    const batches = this.#record.follow({ filter: { session: this.#id } }, leaving.signal);
    // It begins with its first step: whatever is durable by now is read from the record by whoever wants it.
    void this.#run(batches, batches.next())
      .catch((failure: unknown) => (this.#failure = Problem.of(failure)))
      .finally(() => {
        this.#over = true;
        this.#deserted();
        this.#wakeAll();
      });
    return leaving;
  }

  async #run(
    batches: ReturnType<FeedRecord['follow']>,
    first: ReturnType<ReturnType<FeedRecord['follow']>['next']>,
  ): Promise<void> {
    const pages = await this.#pages();
    for (let next = await first; next.done !== true; next = await batches.next()) {
      const { events } = next.value;
      const from = events[0]?.seq ?? 0;
      for (const entry of await pages.changedBy(events)) this.#put(entry, from);
      this.#wakeAll();
      if (events.some(({ kind }) => kind === 'session.ended')) return void (await batches.return(undefined));
    }
  }

  #put(entry: TranscriptEntry, from: number): void {
    const key = keyOf(entry);
    for (const follower of this.#followers) {
      const { waiting } = follower;
      if (follower.behind !== null) continue;
      if (waiting.size < mostWaiting || waiting.has(key)) waiting.set(key, entry);
      else follower.behind = Math.min(from, ...[...waiting.values()].map(({ seq }) => seq));
    }
  }

  /** Reads from the record what it did not take in time, or was there before it came; true: to the session’s end. */
  async *#missed(follower: Follower, signal: AbortSignal): AsyncGenerator<TranscriptEntry, boolean> {
    const pages = await this.#pages();
    const from = follower.behind ?? 0;
    follower.behind = null;
    follower.waiting.clear();
    let batch: RecordedEvent[] = [];
    let isOver = false;
    for await (const event of eventsOf(this.#record, this.#id, from - 1, Infinity)) {
      isOver ||= event.kind === 'session.ended';
      batch.push(event);
      if (batch.length < eventsAtOnce) continue;
      yield* await pages.changedBy(batch);
      batch = [];
      if (signal.aborted) return true;
    }
    yield* await pages.changedBy(batch);
    return isOver;
  }

  #wakeAll(): void {
    for (const { wake } of this.#followers) wake();
  }
}

const keyOf = (entry: TranscriptEntry) =>
  entry.kind === 'call' ? entry.card.call : `${entry.kind} ${entry.seq}`;

function woken(follower: Follower, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      follower.wake = () => undefined;
      signal.removeEventListener('abort', done);
      resolve();
    };
    follower.wake = done;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
