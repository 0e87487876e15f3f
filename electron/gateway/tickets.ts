import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import { digestOf } from './tokens.ts';

const life = 60_000;
/** More than anybody clicks in a minute; the oldest makes room. */
const most = 100;

interface Waiting {
  readonly digest: Buffer;
  readonly until: number;
  readonly used: () => void;
}

/** Single-use tickets for browsers. They live in memory only: a restart forgets them. */
export class Tickets {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `used` is called when somebody takes it. */
  issue(used: () => void = () => undefined): { ticket: string; expires: Date } {
    const ticket = randomBytes(32).toString('base64url');
    const until = this.#clock.now().getTime() + life;
    this.#forgetOld();
    this.#waiting = [...this.#waiting, { digest: digestOf(ticket), until, used }].slice(-most);
    return { ticket, expires: new Date(until) };
  }

  /** Takes a ticket away, or refuses. */
  redeem(ticket: string): void {
    this.#forgetOld();
    const digest = digestOf(ticket);
    const [rest, taken] = [false, true].map((same) =>
      this.#waiting.filter((waiting) => timingSafeEqual(waiting.digest, digest) === same),
    ) as [Waiting[], Waiting[]];
    if (taken.length === 0) {
      throw new Problem(
        'unauthorized',
        'This link has been used or has expired.',
        'Make a new one with `holdfast open`.',
      );
    }
    this.#waiting = rest;
    for (const { used } of taken) used();
  }

  /** One with more than its life before it was made by a clock that has been set back since: it is old, too. */
  #forgetOld(): void {
    const now = this.#clock.now().getTime();
    this.#waiting = this.#waiting.filter(({ until }) => until > now && until <= now + life);
  }
}
