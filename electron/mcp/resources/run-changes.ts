import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { rest } from '../../base/waking.ts';
import { makerOf } from '../../runs/made-runs.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { OnceForAll } from './once-for-all.ts';

/** What the record says of a run now and did not before; `isNew`: it was just asked for. */
type Hear = (run: Id<'run'>, isNew: boolean) => void;

/** What happens meanwhile is told at once afterwards. */
const restMilliseconds = 100;
const mostKnown = 2000;

/** Tells who follows that something is new about a run of theirs: whatever that is, it is on the record. */
export class RunChanges {
  readonly #house: HouseBehind;
  readonly #hearing = new Map<string, Set<Hear>>();
  readonly #makers = new Map<string, string | null>();
  readonly #followed: OnceForAll;

  constructor(house: HouseBehind) {
    this.#house = house;
    this.#followed = new OnceForAll('runs', house.log, (signal) => this.#tellAll(signal));
  }

  /** Calls for each run that this maker began and that something is new about; the returned function ends it. */
  follow(maker: string, hear: Hear): () => void {
    const known = this.#hearing.get(maker) ?? new Set();
    this.#hearing.set(maker, known.add(hear));
    this.#followed.wanted(true);
    return () => {
      known.delete(hear);
      if (known.size === 0) this.#hearing.delete(maker);
      this.#followed.wanted(this.#hearing.size > 0);
    };
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
