import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Run } from '../../../shared/run.ts';
import { isMadeBy, madeBy } from '../../runs/made-runs.ts';
import type { McpCaller } from '../serving/caller.ts';
import type { HouseBehind } from './house.ts';

/** A caller knows of the runs that it began, and of what hangs below them. Of others it is not even told that they are. */
export class OwnRuns {
  readonly #house: HouseBehind;
  readonly #caller: McpCaller;

  constructor(house: HouseBehind, caller: McpCaller) {
    this.#house = house;
    this.#caller = caller;
  }

  has(run: string): boolean {
    return isMadeBy(this.#house.record, this.#caller.id, run);
  }

  ids(most: number, olderThan?: string): Id<'run'>[] {
    return madeBy(this.#house.record, this.#caller.id, most, olderThan);
  }

  /** Throws where it is not its own. */
  own(run: string): Id<'run'> {
    if (this.has(run)) return run as Id<'run'>;
    throw new Problem('not_found', `You began no run ${run.slice(0, 40)}.`, 'Call list_runs.');
  }

  async get(run: string): Promise<Run> {
    return (await this.#house.rooms.runs()).get(this.own(run));
  }

  /** The newest first; only so many are looked at. */
  async list(wanted: { state?: string | undefined; most: number; before?: string | undefined }) {
    const room = await this.#house.rooms.runs();
    const found: Run[] = [];
    let before = wanted.before;
    for (let looked = 0; looked < mostLooked; looked += atOnce) {
      const ids = this.ids(atOnce, before);
      for (const id of ids) {
        before = id;
        const run = await room.get(id);
        if (wanted.state === undefined || run.state === wanted.state) found.push(run);
        if (found.length === wanted.most) return { runs: found, next: before };
      }
      if (ids.length < atOnce) return { runs: found, next: null };
    }
    return { runs: found, next: before ?? null };
  }
}

const atOnce = 100;
const mostLooked = 2000;
