import type { RecordedEvent } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Prepared } from './prepare.ts';
import type { Appended, Effect, Written } from '../writing.ts';

/** Events of one caller that are written together or not at all. */
interface Entry {
  prepared: readonly Prepared[];
  values: readonly unknown[];
  effect: Effect | undefined;
  bytes: number;
  resolve(events: readonly RecordedEvent[]): void;
  reject(problem: Problem): void;
}

/** Where batches go, and who hears how it went. */
export interface QueueOutcomes {
  send(events: readonly Prepared[], effect: Effect | undefined): Promise<Appended>;
  /** With the length of each event's data, as canonical text. */
  committed(events: readonly RecordedEvent[], appended: Appended, letters: readonly number[]): void;
  refused(problem: Problem, events: number): void;
}

export const batchLimits = { events: 1000, bytes: 8 * 1024 * 1024, waitingBytes: 64 * 1024 * 1024 };

const fewPromises = 20;
const crowd = 3;

/**
 * Groups appends into transactions: one batch is at the writer, everything that arrives meanwhile
 * is the next. So a lone event waits for nobody, and a crowd shares one flush.
 */
export class AppendQueue {
  readonly #outcomes: QueueOutcomes;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #busy: Promise<void> | undefined;
  /** Whether the last batch was of many. */
  #isCrowd = false;

  constructor(outcomes: QueueOutcomes) {
    this.#outcomes = outcomes;
  }

  add(
    prepared: readonly Prepared[],
    values: readonly unknown[],
    effect?: Effect,
  ): Promise<readonly RecordedEvent[]> {
    const bytes = prepared.reduce((sum, event) => sum + sizeOf(event), 0);
    if (this.#waitingBytes + bytes > batchLimits.waitingBytes) {
      const problem = new Problem(
        'too_many',
        'Events arrive faster than this disk can keep them.',
        'Try again in a moment.',
      );
      return Promise.reject(problem);
    }
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ prepared, values, effect, bytes, resolve, reject });
      this.#busy ??= this.#pump();
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#busy) await this.#busy;
  }

  async #pump(): Promise<void> {
    await this.#gathered();
    while (this.#waiting.length > 0) await this.#flush(this.#takeBatch());
    this.#busy = undefined;
  }

  /**
   * What joins the first batch. One step of work appends a few promises apart, and a flush of its own for each would cost
   * more than they do; in a crowd, so does whatever else comes in this turn of the event loop.
   */
  async #gathered(): Promise<void> {
    if (this.#isCrowd) await new Promise((resolve) => setImmediate(resolve));
    else for (let i = 0; i < fewPromises; i++) await Promise.resolve();
  }

  #takeBatch(): Entry[] {
    let events = 0;
    let bytes = 0;
    let count = 0;
    for (const entry of this.#waiting) {
      const alone = entry.effect !== undefined;
      if (count > 0 && alone) break;
      events += entry.prepared.length;
      bytes += entry.bytes;
      if (count > 0 && (events > batchLimits.events || bytes > batchLimits.bytes)) break;
      count++;
      if (alone) break;
    }
    const batch = this.#waiting.splice(0, count);
    this.#isCrowd = batch.length >= crowd;
    for (const entry of batch) this.#waitingBytes -= entry.bytes;
    return batch;
  }

  async #flush(batch: readonly Entry[]): Promise<void> {
    const prepared = batch.flatMap((entry) => entry.prepared);
    try {
      const appended = await this.#outcomes.send(prepared, batch[0]?.effect);
      const values = batch.flatMap((entry) => entry.values);
      const events = prepared.map((event, i) => recorded(event, values[i], appended.written[i]!));
      const letters = prepared.map(({ data }) => data.length);
      this.#outcomes.committed(events, appended, letters);
      let next = 0;
      for (const entry of batch) entry.resolve(events.slice(next, (next += entry.prepared.length)));
    } catch (thrown) {
      const problem = Problem.of(thrown);
      this.#outcomes.refused(problem, prepared.length);
      for (const entry of batch) entry.reject(problem);
    }
  }
}

function sizeOf(event: Prepared): number {
  return event.data.length + 512 + event.blobs.reduce((sum, blob) => sum + blob.content.byteLength, 0);
}

function recorded(event: Prepared, value: unknown, { seq, stamps }: Written): RecordedEvent {
  return {
    seq,
    id: event.id,
    time: event.time,
    kind: event.kind,
    known: true,
    actor: event.actor,
    scope: event.scope ?? {},
    ...(event.parent ? { parent: event.parent } : {}),
    payload: 'present',
    data: value as NonNullable<RecordedEvent['data']>,
    blobs: stamps.map((stamp, index) => ({ ...stamp, index, state: 'present' })),
  };
}
