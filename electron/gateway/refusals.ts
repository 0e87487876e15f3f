import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Transport } from './caller.ts';

const pause = 10_000;

/**
 * Puts refused callers on the record: the first of its kind at once, then at most one event
 * in ten seconds with a count, so that nobody can fill the record by knocking.
 * Reasons are ours, a fixed few; nothing a caller sent is repeated.
 */
export class Refusals {
  readonly #record: Pick<AuditRecord, 'append'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #quiet = new Map<
    string,
    { transport: Transport; reason: string; count: number; cancel: () => void }
  >();

  readonly #writing = new Set<Promise<unknown>>();

  constructor(record: Pick<AuditRecord, 'append'>, clock: Clock, log: Log) {
    this.#record = record;
    this.#clock = clock;
    this.#log = log;
  }

  note(transport: Transport, reason: string): void {
    const key = `${transport} ${reason}`;
    const waiting = this.#quiet.get(key);
    if (waiting) {
      waiting.count++;
      return;
    }
    this.#begin(key, transport, reason);
    this.#write(transport, reason, 1);
  }

  /** Writes what is still counted, and waits for it. */
  async close(): Promise<void> {
    for (const { transport, reason, count, cancel } of this.#quiet.values()) {
      cancel();
      if (count > 0) this.#write(transport, reason, count);
    }
    this.#quiet.clear();
    await Promise.all(this.#writing);
  }

  #begin(key: string, transport: Transport, reason: string): void {
    const cancel = this.#clock.after(pause, () => {
      const count = this.#quiet.get(key)?.count ?? 0;
      this.#quiet.delete(key);
      if (count === 0) return;
      this.#begin(key, transport, reason);
      this.#write(transport, reason, count);
    });
    this.#quiet.set(key, { transport, reason, count: 0, cancel });
  }

  #write(transport: Transport, reason: string, count: number): void {
    const writing: Promise<unknown> = this.#record
      .append({ kind: 'access.refused', actor: { kind: 'system' }, data: { transport, reason, count } })
      .then(
        () => this.#writing.delete(writing),
        (failure: unknown) => {
          this.#writing.delete(writing);
          this.#log.warn({ err: failure, transport, reason, count }, 'a refusal is not on the record');
        },
      );
    this.#writing.add(writing);
  }
}
