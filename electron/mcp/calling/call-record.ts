import type { Draft } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';

/** So long what was answered may wait for a call that it goes with. */
const longest = 25;

/**
 * Puts calls on the record before they act. That one was answered keeps nobody waiting: it goes with the next call, in one
 * writing, or by itself a moment later.
 */
export class CallRecord {
  readonly #house: { readonly record: AuditRecord; readonly clock: Clock; readonly log: Log };
  #answered: Draft[] = [];
  #forget: (() => void) | null = null;

  constructor(house: { readonly record: AuditRecord; readonly clock: Clock; readonly log: Log }) {
    this.#house = house;
  }

  /** Resolves when it is durable. */
  async called(draft: Draft): Promise<RecordedEvent> {
    const before = this.#take();
    if (before.length === 0) return this.#house.record.append(draft);
    const events = await this.#house.record.appendAll([...before, draft]);
    return events.at(-1)!;
  }

  answered(draft: Draft): void {
    this.#answered.push(draft);
    this.#forget ??= this.#house.clock.after(longest, () => void this.flush());
  }

  async flush(): Promise<void> {
    const drafts = this.#take();
    if (drafts.length === 0) return;
    try {
      await this.#house.record.appendAll(drafts);
    } catch (failure) {
      this.#house.log.warn({ err: failure }, 'that calls by MCP were answered is not on the record');
    }
  }

  #take(): Draft[] {
    this.#forget?.();
    this.#forget = null;
    const drafts = this.#answered;
    this.#answered = [];
    return drafts;
  }
}
