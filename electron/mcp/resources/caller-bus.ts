import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import { urisOfRun } from './resources.ts';
import type { RunChanges } from './run-changes.ts';

/** What changes for one caller, and for no other: who listens is told of its own runs alone. */
export class CallerBus implements ServerEventBus {
  readonly #changes: RunChanges;
  readonly #caller: string;
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #leave: (() => void) | null = null;

  constructor(changes: RunChanges, caller: string) {
    this.#changes = changes;
    this.#caller = caller;
  }

  publish(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#leave ??= this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#leave?.();
      this.#leave = null;
    };
  }

  #follow(): () => void {
    let newest = '';
    return this.#changes.follow(this.#caller, (run) => {
      // Ids begin with their time: one that is later than all before is new.
      if (run > newest) this.publish({ kind: 'resources_list_changed' });
      newest = run > newest ? run : newest;
      for (const uri of urisOfRun(run)) this.publish({ kind: 'resource_updated', uri });
    });
  }
}
