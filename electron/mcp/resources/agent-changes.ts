import type { AgentEntry } from '../../../shared/contract/agents.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { takesTasks } from '../tools/agents.ts';
import { OnceForAll } from './once-for-all.ts';

/** The agents whose files say something else now, those that came and those that went among them. */
export interface ChangedAgents {
  readonly names: readonly string[];
  /** Those of them that came into the list, or went from it. */
  readonly listed: readonly string[];
}

type Hear = (changed: ChangedAgents) => void;

interface Known {
  readonly said: string;
  readonly listed: boolean;
}

/** Tells who follows which agents changed; their files are watched only for them. */
export class AgentChanges {
  readonly #house: HouseBehind;
  readonly #hearing = new Set<Hear>();
  readonly #watched: OnceForAll;

  constructor(house: HouseBehind) {
    this.#house = house;
    this.#watched = new OnceForAll('agents', house.log, (signal) => this.#tellAll(signal));
  }

  follow(hear: Hear): () => void {
    this.#hearing.add(hear);
    this.#watched.wanted(true);
    return () => {
      this.#hearing.delete(hear);
      this.#watched.wanted(this.#hearing.size > 0);
    };
  }

  async #tellAll(signal: AbortSignal): Promise<void> {
    const { rooms, activity } = this.#house;
    let before: ReadonlyMap<string, Known> | null = null;
    for await (const entries of (await rooms.agents()).watch(activity.following(signal))) {
      const now = new Map(entries.map((entry) => [entry.name, knownOf(entry)]));
      if (before !== null) {
        const changed = changedBetween(before, now);
        for (const hear of this.#hearing) hear(changed);
      }
      before = now;
    }
  }
}

/** Where its file lies is nothing that a program is told. */
function knownOf({ agent, rights, origin }: AgentEntry): Known {
  return { said: JSON.stringify([agent, rights, origin]), listed: takesTasks(agent) };
}

function changedBetween(before: ReadonlyMap<string, Known>, now: ReadonlyMap<string, Known>): ChangedAgents {
  const all = [...new Set([...before.keys(), ...now.keys()])];
  return {
    names: all.filter((name) => before.get(name)?.said !== now.get(name)?.said),
    listed: all.filter((name) => (before.get(name)?.listed ?? false) !== (now.get(name)?.listed ?? false)),
  };
}
