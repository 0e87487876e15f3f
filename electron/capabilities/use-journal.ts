import type { Draft } from '../../shared/events/catalogue.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { CountedToken } from './live-token.ts';

interface Charge {
  readonly tokens: readonly CountedToken[];
  readonly done: () => void;
  readonly failed: (thrown: unknown) => void;
}

/**
 * Makes uses durable before the act. A use is taken in memory at once, so that no two acts share the last
 * one; all that come while the record writes go into its next transaction, as one event for each token
 * with its new total. So uses cost no event each, and a crash never gives one back that was acted on.
 */
export class UseJournal {
  readonly #record: Pick<AuditRecord, 'appendAll'>;
  #waiting: Charge[] = [];
  #writing: Promise<void> | undefined;

  constructor(record: Pick<AuditRecord, 'appendAll'>) {
    this.#record = record;
  }

  /** Takes one use of each token now; resolves when that is durable. The caller has asked whether each may. */
  charge(tokens: readonly CountedToken[], now: number): Promise<void> {
    for (const { count } of tokens) count.take(now);
    return new Promise((done, failed) => {
      this.#waiting.push({ tokens, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    // Whatever is asked in the same breath goes into the same transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const charges = this.#waiting;
      this.#waiting = [];
      await this.#writeTogether(charges);
    }
    this.#writing = undefined;
  }

  async #writeTogether(charges: readonly Charge[]): Promise<void> {
    const uses = new Map<CountedToken, number>();
    for (const token of charges.flatMap(({ tokens }) => tokens)) uses.set(token, (uses.get(token) ?? 0) + 1);
    try {
      await this.#record.appendAll([...uses].map(([token, more]) => usedEvent(token, more)));
      for (const [{ count }, more] of uses) count.written += more;
      for (const { done } of charges) done();
    } catch (thrown) {
      for (const [{ count }, more] of uses) count.giveBack(more);
      for (const { failed } of charges) failed(thrown);
    }
  }
}

function usedEvent({ token, agent, scope, text, count }: CountedToken, more: number): Draft {
  const data = { token, agent, capability: text, used: count.written + more };
  return { kind: 'capability.used', actor: { kind: 'agent', id: agent }, scope, data };
}
