import type { Id } from '../../shared/ids.ts';

export interface Queued {
  readonly id: Id<'run'>;
  readonly priority: number;
}

/** Runs that wait for their turn: the highest priority first, then the oldest. */
export class RunQueue {
  /** By priority, each in the order of their ids, which is that of their age. */
  readonly #lines = new Map<number, Set<Id<'run'>>>();
  readonly #priorities = new Map<Id<'run'>, number>();

  add({ id, priority }: Queued): void {
    const line = this.#lines.get(priority) ?? new Set();
    this.#lines.set(priority, line.add(id));
    this.#priorities.set(id, priority);
  }

  remove(id: Id<'run'>): boolean {
    const priority = this.#priorities.get(id);
    if (priority === undefined) return false;
    this.#priorities.delete(id);
    const line = this.#lines.get(priority);
    line?.delete(id);
    if (line?.size === 0) this.#lines.delete(priority);
    return true;
  }

  take(): Id<'run'> | null {
    if (this.#lines.size === 0) return null;
    const [first] = this.#lines.get(Math.max(...this.#lines.keys()))!;
    this.remove(first!);
    return first!;
  }
}
