import type { EventFilter, EventPage } from '../../../shared/contract/record.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Clock } from '../../base/clock.ts';

/** Followers are woken at once, but no more often than this: a message to each costs more than an event in it. */
const gatherMilliseconds = 3;

/** How many of the newest events are kept in memory for followers that keep up. */
const recentEvents = 1000;
const recentLetters = 4 * 1024 * 1024;
/** About so long is what an event says beside its data. */
const headerLetters = 300;

export type ReadAfter = (filter: EventFilter, after: number, limit: number) => Promise<EventPage>;

/**
 * The live end of the record. A follower holds nothing but its next sequence number: what it has not
 * taken yet is read from memory while it is recent and from the store where it is not, so a slow
 * follower costs neither memory nor events.
 */
export class Followers {
  readonly #clock: Clock;
  readonly #read: ReadAfter;
  readonly #wake = new Set<() => void>();
  #recent: RecordedEvent[] = [];
  #letters: number[] = [];
  #sum = 0;
  #size: number;
  #gathering = false;
  #woken = -Infinity;
  #closed = false;

  constructor(options: { size: number; clock: Clock; read: ReadAfter }) {
    this.#size = options.size;
    this.#clock = options.clock;
    this.#read = options.read;
  }

  get count(): number {
    return this.#wake.size;
  }

  /** New events, in order, right after they became durable, with the length of the data of each. */
  committed(events: readonly RecordedEvent[], lengths: readonly number[]): void {
    for (const [i, event] of events.entries()) {
      const letters = lengths[i]! + headerLetters;
      this.#recent.push(event);
      this.#letters.push(letters);
      this.#sum += letters;
    }
    let drop = Math.max(0, this.#recent.length - recentEvents);
    for (let i = 0; i < drop; i++) this.#sum -= this.#letters[i]!;
    while (this.#sum > recentLetters && drop < this.#recent.length) this.#sum -= this.#letters[drop++]!;
    if (drop > 0) {
      this.#recent = this.#recent.slice(drop);
      this.#letters = this.#letters.slice(drop);
    }
    this.#size += events.length;
    if (this.#gathering || this.#wake.size === 0) return;
    const since = this.#clock.now().getTime() - this.#woken;
    // A clock that was set back makes nobody wait longer.
    const rest = Math.min(gatherMilliseconds - since, gatherMilliseconds);
    if (rest <= 0) return this.#wakeAll();
    this.#gathering = true;
    this.#clock.after(rest, () => {
      this.#gathering = false;
      this.#wakeAll();
    });
  }

  /** What memory still holds of erased payloads goes too. */
  forget(seq: number): void {
    const index = this.#recent.findIndex((event) => event.seq === seq);
    if (index < 0) return;
    this.#recent = this.#recent.slice(index + 1);
    this.#letters = this.#letters.slice(index + 1);
    this.#sum = this.#letters.reduce((sum, letters) => sum + letters, 0);
  }

  async *follow(
    question: { from?: number | undefined; filter: EventFilter },
    signal: AbortSignal,
  ): AsyncGenerator<{ events: RecordedEvent[]; next: number }> {
    const filtered = Object.values(question.filter).some((part) => part !== undefined);
    const fits = fitting(question.filter);
    let next = question.from ?? this.#size;
    let woken = Promise.withResolvers<void>();
    const listener = () => woken.resolve();
    this.#wake.add(listener);
    signal.addEventListener('abort', listener);
    try {
      while (!signal.aborted && !this.#closed) {
        woken = Promise.withResolvers<void>();
        while (next < this.#size && !signal.aborted) {
          const batch =
            (fits && this.#fittingRecent(fits, next)) ??
            (filtered ? await this.#search(question.filter, next) : await this.#take(next));
          next = batch.next;
          if (batch.events.length > 0) yield batch;
        }
        if (!signal.aborted && !this.#closed) await woken.promise;
      }
    } finally {
      this.#wake.delete(listener);
      signal.removeEventListener('abort', listener);
    }
  }

  /** Ends every follower. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  #wakeAll(): void {
    this.#woken = this.#clock.now().getTime();
    for (const wake of this.#wake) wake();
  }

  /** From memory, where everything from there on is still in it; so many followers of one thing each ask the store nothing. */
  #fittingRecent(
    fits: (event: RecordedEvent) => boolean,
    from: number,
  ): { events: RecordedEvent[]; next: number } | null {
    const first = this.#recent[0]?.seq ?? this.#size;
    if (from < first) return null;
    return { events: this.#recent.slice(from - first).filter(fits), next: this.#size };
  }

  async #take(from: number): Promise<{ events: RecordedEvent[]; next: number }> {
    const first = this.#recent[0]?.seq ?? this.#size;
    if (from >= first) {
      const events = this.#recent.slice(from - first, from - first + 500);
      return { events, next: from + events.length };
    }
    const { events } = await this.#read({}, from - 1, 500);
    const last = events.at(-1);
    return { events, next: last ? last.seq + 1 : this.#size };
  }

  async #search(filter: EventFilter, from: number): Promise<{ events: RecordedEvent[]; next: number }> {
    const size = this.#size;
    const page = await this.#read(filter, from - 1, 500);
    const last = page.events.at(-1);
    if (page.next !== null) return { events: page.events, next: page.next + 1 };
    return { events: page.events, next: Math.max(size, last ? last.seq + 1 : 0) };
  }
}

/** A filter as a condition on one event; null where only the store can tell. */
function fitting(filter: EventFilter): ((event: RecordedEvent) => boolean) | null {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
  const scopes = ['run', 'session', 'subtask', 'agent'] as const;
  const named = scopes.filter((scope) => filter[scope] !== undefined);
  if (named.length === 0 || named.length < asked.length) return null;
  return ({ scope }) => named.every((name) => scope[name] === filter[name]);
}
