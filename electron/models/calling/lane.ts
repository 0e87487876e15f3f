import type { Clock } from '../../base/clock.ts';
import type { Provider } from '../providers.ts';
import type { Patience } from './attempt.ts';
import { Breaker } from './breaker.ts';
import { Turns } from './turns.ts';

const usual = {
  hosted: { concurrency: 8, connect: 10, open: 60, first: 120, idle: 60, total: 1800 },
  // A model may first have to be read from the disk.
  local: { concurrency: 2, connect: 5, open: 300, first: 300, idle: 120, total: 3600 },
};

/** What is shared by all calls to one provider at one address. */
export interface Lane {
  readonly turns: Turns;
  readonly breaker: Breaker;
  readonly patience: Patience;
}

export class Lanes {
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ name, baseUrl, local, known }: Provider): Lane {
    const key = `${name} ${baseUrl}`;
    let lane = this.#lanes.get(key);
    if (!lane) {
      const { concurrency, ...seconds } = local ? usual.local : usual.hosted;
      const said = known?.patience ?? {};
      const within = (what: keyof Patience) => (said[what] ?? seconds[what]) * 1000;
      lane = {
        turns: new Turns(this.#clock, {
          concurrency: known?.concurrency ?? concurrency,
          perMinute: known?.per_minute ?? null,
        }),
        breaker: new Breaker(this.#clock),
        patience: {
          connect: within('connect'),
          open: within('open'),
          first: within('first'),
          idle: within('idle'),
          total: within('total'),
        },
      };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  close(): void {
    for (const { turns } of this.#lanes.values()) turns.close();
  }
}
