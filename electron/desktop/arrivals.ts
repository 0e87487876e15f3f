import { app } from 'electron';
import { readFlags } from './flags.ts';

/** Somebody wants to see the window: perhaps a certain place in it. */
export type Arrival = { readonly link: string | null };

/**
 * Collects those who come: second starts, links, a click on the dock. They may come before the window can be shown,
 * so this begins to listen at once and hands on what came when somebody takes it.
 */
export class Arrivals {
  #waiting: Arrival[] = [];
  #take: ((arrival: Arrival) => void) | undefined;

  constructor(first: string | null) {
    if (first !== null) this.#come({ link: first });
    app.on('second-instance', (_event, _argv, _folder, told) => this.#come({ link: linkIn(told) }));
    app.on('open-url', (event, link) => {
      event.preventDefault();
      this.#come({ link });
    });
    app.on('activate', () => this.#come({ link: null }));
  }

  take(take: (arrival: Arrival) => void): void {
    this.#take = take;
    for (const arrival of this.#waiting.splice(0)) take(arrival);
  }

  #come(arrival: Arrival): void {
    if (this.#take) this.#take(arrival);
    else this.#waiting.push(arrival);
  }
}

/** What a second start tells the first one. It comes from another process, so it is read with care. */
function linkIn(told: unknown): string | null {
  const link = typeof told === 'object' && told !== null && 'link' in told ? told.link : null;
  return typeof link === 'string' ? readFlags([link]).link : null;
}
