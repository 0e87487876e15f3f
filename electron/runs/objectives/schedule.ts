import { dueAfter, type CronTiming } from '../../base/cron.ts';

/** What is later than this was missed: the machine slept, or Holdfast did not run. */
const mostLate = 90_000;

/** A clock that is set back by no more than this repeats nothing; by more, its times are looked for anew. */
const mostSetBack = 3_600_000;

export interface DueNow {
  readonly due: Date;
  /** It should have begun a while ago. */
  readonly isMissed: boolean;
}

/** The times of one objective, looked through once each. */
export class Schedule {
  readonly #timing: CronTiming;
  #looked: Date;
  #next: Date | null;

  /** `looked`: up to when its times are done with. */
  constructor(timing: CronTiming, looked: Date) {
    this.#timing = timing;
    this.#looked = looked;
    this.#next = dueAfter(timing, looked);
  }

  get next(): Date | null {
    return this.#next;
  }

  /** What is due now: the newest of the times that have come, however many they are; the others are done with. */
  take(now: Date): DueNow | null {
    if (isSetBack(this.#looked, now)) {
      this.#looked = lookedBefore(now);
      this.#next = dueAfter(this.#timing, this.#looked);
    }
    if (this.#next === null || this.#next > now) return null;
    let due = this.#next;
    for (
      let later = dueAfter(this.#timing, due);
      later && later <= now;
      later = dueAfter(this.#timing, due)
    ) {
      // Years of a time each minute are not gone through one by one.
      due =
        now.getTime() - later.getTime() > 86_400_000
          ? (dueAfter(this.#timing, new Date(now.getTime() - 86_400_000)) ?? later)
          : later;
    }
    this.#looked = now;
    this.#next = dueAfter(this.#timing, this.#looked);
    return { due, isMissed: now.getTime() - due.getTime() > mostLate };
  }
}

/** At its start a schedule that stands exactly at one of its times begins at once: times count in whole seconds. */
export function lookedBefore(now: Date): Date {
  return new Date(Math.floor(now.getTime() / 1000) * 1000 - 1);
}

/** Up to when its times are done with, by moments that are known: when it was made or gone on with, and what was due. */
export function doneWith(begun: readonly Date[], due: readonly Date[], now: Date): Date {
  const known = [...begun.map(lookedBefore), ...due].filter((moment) => !isSetBack(moment, now));
  if (known.length === 0) return lookedBefore(now);
  return new Date(Math.max(...known.map((moment) => moment.getTime())));
}

const isSetBack = (moment: Date, now: Date) => moment.getTime() - now.getTime() > mostSetBack;
