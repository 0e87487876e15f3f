import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { rest } from '../../base/waking.ts';
import { makerOf } from '../../runs/made-runs.ts';
import type { HouseBehind } from '../reaching/house.ts';

/** What the record says of a run now and did not before; `isNew`: it was just asked for. */
type Hear = (run: Id<'run'>, isNew: boolean) => void;

/** What happens meanwhile is told at once afterwards. */
const restMilliseconds = 100;
const mostKnown = 2000;

/**
 * Tells who follows that something is new about a run of theirs: whatever that is, it is on the record. However many
 * they are, the record is followed once, and only for them.
 */
export class RunChanges {
  readonly #house: HouseBehind;
  readonly #hearing = new Map<string, Set<Hear>>();
  readonly #makers = new Map<string, string | null>();
  #following: AbortController | null = null;

  constructor(house: HouseBehind) {
    this.#house = house;
  }

  /** Calls for each run that this maker began and that something is new about; the returned function ends it. */
  follow(maker: string, hear: Hear): () => void {
    const known = this.#hearing.get(maker) ?? new Set();
    this.#hearing.set(maker, known.add(hear));
    if (this.#following === null) this.#begin();
    return () => {
      known.delete(hear);
      if (known.size === 0) this.#hearing.delete(maker);
      if (this.#hearing.size > 0) return;
      this.#following?.abort();
      this.#following = null;
    };
  }

  #begin(): void {
    const following = new AbortController();
    this.#following = following;
    this.#tellAll(following.signal).catch((failure: unknown) => {
      this.#house.log.error({ err: failure }, 'changes of runs cannot be told by MCP');
      if (this.#following === following) this.#following = null;
    });
  }

  async #tellAll(signal: AbortSignal): Promise<void> {
    const { record, activity, clock } = this.#house;
    const until = activity.following(signal);
    for await (const { events } of record.follow({ filter: {} }, until)) {
      for (const [run, isNew] of runsIn(events)) {
        const maker = this.#makerOf(run);
        if (maker !== null) for (const hear of this.#hearing.get(maker) ?? []) hear(run, isNew);
      }
      await rest(clock, restMilliseconds, until);
    }
  }

  #makerOf(run: Id<'run'>): string | null {
    const known = this.#makers.get(run);
    if (known !== undefined) return known;
    if (this.#makers.size >= mostKnown) this.#makers.clear();
    const maker = makerOf(this.#house.record, run);
    this.#makers.set(run, maker);
    return maker;
  }
}

function runsIn(events: readonly RecordedEvent[]): ReadonlyMap<Id<'run'>, boolean> {
  const runs = new Map<Id<'run'>, boolean>();
  for (const { kind, scope } of events) {
    if (scope.run) runs.set(scope.run, kind === 'run.requested' || runs.get(scope.run) === true);
  }
  return runs;
}
