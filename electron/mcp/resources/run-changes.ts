import type { Id } from '../../../shared/ids.ts';
import type { HouseBehind } from '../reaching/house.ts';

type Hear = (run: Id<'run'>) => void;

/** Tells who follows that a run of theirs changed. However many they are, the runs are watched once, and only for them. */
export class RunChanges {
  readonly #house: HouseBehind;
  readonly #hearing = new Map<string, Set<Hear>>();
  #watching: AbortController | null = null;

  constructor(house: HouseBehind) {
    this.#house = house;
  }

  /** Calls for each change of a run that this maker began; the returned function ends it. */
  follow(maker: string, hear: Hear): () => void {
    const known = this.#hearing.get(maker) ?? new Set();
    this.#hearing.set(maker, known.add(hear));
    if (this.#watching === null) this.#watch();
    return () => {
      known.delete(hear);
      if (known.size === 0) this.#hearing.delete(maker);
      if (this.#hearing.size > 0) return;
      this.#watching?.abort();
      this.#watching = null;
    };
  }

  #watch(): void {
    const watching = new AbortController();
    this.#watching = watching;
    this.#tellAll(watching.signal).catch((failure: unknown) => {
      this.#house.log.error({ err: failure }, 'changes of runs cannot be told by MCP');
      if (this.#watching === watching) this.#watching = null;
    });
  }

  async #tellAll(signal: AbortSignal): Promise<void> {
    const { rooms, activity } = this.#house;
    for await (const { id, by } of (await rooms.runs()).watch(activity.following(signal))) {
      if (by.id !== undefined) for (const hear of this.#hearing.get(by.id) ?? []) hear(id);
    }
  }
}
