import type { AgentEntry } from '../../../shared/contract/agents.ts';
import type { HouseBehind } from '../reaching/house.ts';

/** The agents whose files say something else now, those that came and those that went among them. */
export interface ChangedAgents {
  readonly names: readonly string[];
  /** Whether there are others now. */
  readonly listed: boolean;
}

type Hear = (changed: ChangedAgents) => void;

/** Tells who follows which agents changed. However many they are, the files are watched once, and only for them. */
export class AgentChanges {
  readonly #house: HouseBehind;
  readonly #hearing = new Set<Hear>();
  #following: AbortController | null = null;

  constructor(house: HouseBehind) {
    this.#house = house;
  }

  follow(hear: Hear): () => void {
    this.#hearing.add(hear);
    if (this.#following === null) this.#begin();
    return () => {
      this.#hearing.delete(hear);
      if (this.#hearing.size > 0) return;
      this.#following?.abort();
      this.#following = null;
    };
  }

  #begin(): void {
    const following = new AbortController();
    this.#following = following;
    this.#tellAll(following.signal).catch((failure: unknown) => {
      this.#house.log.error({ err: failure }, 'changes of agents cannot be told by MCP');
      if (this.#following === following) this.#following = null;
    });
  }

  async #tellAll(signal: AbortSignal): Promise<void> {
    const { rooms, activity } = this.#house;
    let before: ReadonlyMap<string, string> | null = null;
    for await (const entries of (await rooms.agents()).watch(activity.following(signal))) {
      const now = new Map(entries.map((entry) => [entry.name, saidOf(entry)]));
      if (before !== null) {
        const changed = changedBetween(before, now);
        for (const hear of this.#hearing) hear(changed);
      }
      before = now;
    }
  }
}

/** Where its file lies is nothing that a program is told. */
const saidOf = ({ agent, rights, origin }: AgentEntry) => JSON.stringify([agent, rights, origin]);

function changedBetween(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ChangedAgents {
  const all = [...new Set([...before.keys(), ...now.keys()])];
  return {
    names: all.filter((name) => before.get(name) !== now.get(name)),
    listed: all.some((name) => before.has(name) !== now.has(name)),
  };
}
