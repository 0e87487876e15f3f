import type { DenialReason } from '../../shared/capability.ts';
import type { Scope } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

export interface Denial {
  readonly token: Id<'capability'> | null;
  readonly agent: string;
  /** What was asked for. */
  readonly capability: string;
  readonly reason: DenialReason;
  readonly scope: Scope;
}

const pause = 10_000;
/** An agent that asks for ever new things gets so many events of its own within one pause. */
const ownEvents = 50;

interface Counted {
  readonly denial: Denial;
  readonly cancel: () => void;
  more: number;
}

/**
 * Puts denials on the record: each at once and durably, but the same again within ten seconds only as a
 * count. An agent that asks for many different things is counted by reason after the first fifty, so that
 * no program in a sandbox can fill the record.
 */
export class Denials {
  readonly #record: Pick<AuditRecord, 'append'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counted = new Map<string, Counted>();
  readonly #own = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();

  constructor(record: Pick<AuditRecord, 'append'>, clock: Clock, log: Log) {
    this.#record = record;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when it is on the record, or counted towards an event that will be. */
  async note(denial: Denial): Promise<void> {
    const { agent, token, capability, reason } = denial;
    const crowded = (this.#own.get(agent) ?? 0) >= ownEvents;
    const alike = JSON.stringify(crowded ? [agent, reason] : [agent, reason, token, capability]);
    const counted = this.#counted.get(alike);
    if (counted) {
      counted.more++;
      return;
    }
    this.#own.set(agent, (this.#own.get(agent) ?? 0) + 1);
    const cancel = this.#clock.after(pause, () => this.#end(alike));
    const first = { denial, cancel, more: 0 };
    this.#counted.set(alike, first);
    try {
      await this.#append(denial, 1);
    } catch (thrown) {
      first.more++;
      throw thrown;
    }
  }

  /** Writes what is only counted so far, and waits for it. */
  async close(): Promise<void> {
    for (const [alike, { cancel }] of this.#counted) {
      cancel();
      this.#end(alike);
    }
    await Promise.all(this.#writing);
  }

  #end(alike: string): void {
    const counted = this.#counted.get(alike);
    if (!counted) return;
    this.#counted.delete(alike);
    const { denial, more } = counted;
    const own = (this.#own.get(denial.agent) ?? 1) - 1;
    if (own > 0) this.#own.set(denial.agent, own);
    else this.#own.delete(denial.agent);
    if (more === 0) return;
    const writing: Promise<void> = this.#append(denial, more)
      .catch((failure: unknown) => {
        this.#log.warn({ err: failure, agent: denial.agent, more }, 'denials are not on the record');
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #append({ scope, ...denial }: Denial, count: number): Promise<void> {
    await this.#record.append({
      kind: 'capability.denied',
      actor: { kind: 'agent', id: denial.agent },
      scope,
      data: { ...denial, count },
    });
  }
}
