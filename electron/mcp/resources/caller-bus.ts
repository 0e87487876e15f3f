import type { ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { McpCaller } from '../serving/caller.ts';
import { mayUse } from '../tools/agents.ts';
import type { AgentChanges, ChangedAgents } from './agent-changes.ts';
import { agentPlace, urisOfRun } from './resources.ts';
import type { RunChanges } from './run-changes.ts';

/** What changes in the house that programs can hear of. */
export interface HouseChanges {
  readonly runs: RunChanges;
  readonly agents: AgentChanges;
}

/** What changes for one caller, and for no other: who listens is told of its own runs, and of agents that it may use. */
export class CallerBus implements ServerEventBus {
  readonly #changes: HouseChanges;
  readonly #caller: McpCaller;
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #wantsAgents = false;
  #leaveRuns: (() => void) | null = null;
  #leaveAgents: (() => void) | null = null;

  constructor(changes: HouseChanges, caller: McpCaller) {
    this.#changes = changes;
    this.#caller = caller;
  }

  publish(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Files are watched only where somebody wants to hear of agents. */
  wantsAgents(): void {
    this.#wantsAgents = true;
    if (this.#listeners.size > 0) this.#follow();
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#leaveRuns?.();
      this.#leaveAgents?.();
      [this.#leaveRuns, this.#leaveAgents, this.#wantsAgents] = [null, null, false];
    };
  }

  #follow(): void {
    const { runs, agents } = this.#changes;
    this.#leaveRuns ??= runs.follow(this.#caller.id, (run, isNew) => {
      if (isNew) this.publish({ kind: 'resources_list_changed' });
      for (const uri of urisOfRun(run)) this.publish({ kind: 'resource_updated', uri });
    });
    if (this.#wantsAgents) this.#leaveAgents ??= agents.follow((changed) => this.#tellAgents(changed));
  }

  #tellAgents({ names, listed }: ChangedAgents): void {
    const known = (name: string) => mayUse({ caller: this.#caller }, name);
    if (listed.some(known)) this.publish({ kind: 'resources_list_changed' });
    for (const name of names.filter(known))
      this.publish({ kind: 'resource_updated', uri: `${agentPlace}${name}` });
  }
}
