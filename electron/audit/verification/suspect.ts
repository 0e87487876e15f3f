import type { Finding } from '../../../shared/contract/record.ts';

/** A finding as one range sees it. What it means may only show when its range stands beside the others. */
export interface Suspect extends Finding {
  /** By how many places the events from `from` to `to` stand away from where their headers say. */
  shift?: number;
}

/** No more are told than a person can read; what is wrong stays wrong all the same. */
export const mostFindings = 100;

export class Suspects {
  readonly #found: Suspect[] = [];

  get all(): readonly Suspect[] {
    return this.#found;
  }

  add(what: Finding['what'], seq: number, message: string): void {
    this.addRange(what, seq, seq, message);
  }

  addRange(what: Finding['what'], from: number, to: number, message: string): void {
    if (this.#found.length < mostFindings) this.#found.push({ what, from, to, message });
  }

  /** Neighbours that moved by the same number of places, or that are missing, are one finding. */
  addNeighbour(suspect: Suspect): void {
    const last = this.#found.findLast(({ what, shift }) => what === suspect.what && shift === suspect.shift);
    if (last && last.to === suspect.from - 1) last.to = suspect.to;
    else if (this.#found.length < mostFindings) this.#found.push({ ...suspect });
  }
}

export const theEvents = (from: number, to: number): string =>
  from === to ? `event ${from}` : `events ${from} to ${to}`;

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
