import type { Id } from '../../../shared/ids.ts';

/** What a call waits for, and by which question. */
export interface Waiting {
  readonly approval: Id<'approval'>;
  readonly words: 'your approval' | 'your answer';
}

/** The calls of a session that wait for the person. */
export class WaitingCalls {
  readonly #waits = new Map<Id<'call'>, Waiting>();

  has(call: Id<'call'>): boolean {
    return this.#waits.has(call);
  }

  /** The question that a call waits for; null: it does not wait. */
  approvalOf(call: Id<'call'>): Id<'approval'> | null {
    return this.#waits.get(call)?.approval ?? null;
  }

  /** True where that is news. */
  set(call: Id<'call'>, waiting: Waiting | null): boolean {
    if (!waiting) return this.#waits.delete(call);
    this.#waits.set(call, waiting);
    return true;
  }

  get size(): number {
    return this.#waits.size;
  }

  clear(): void {
    this.#waits.clear();
  }

  /** What is waited for; null: nothing. */
  get words(): string | null {
    return this.#waits.size > 0 ? waitingWords([...this.#waits.values()]) : null;
  }
}

function waitingWords(waiting: readonly Waiting[]): string {
  const kinds = [...new Set(waiting.map(({ words }) => words))];
  const many = waiting.length > 1 ? `, ${waiting.length} calls at once` : '';
  return `waits for ${kinds.join(' and ')}${many}`;
}
