import type { Withhold } from '../../../shared/contract/record.ts';

/** Whether a payload stays here. A withheld kind keeps its data and its blobs. */
export class Withholding {
  readonly #asked: Withhold;
  readonly #kinds: ReadonlySet<string>;
  readonly #events: ReadonlySet<number>;
  readonly #blobs: ReadonlySet<string>;

  constructor(asked: Withhold) {
    this.#asked = asked;
    this.#kinds = new Set(asked.kinds);
    this.#events = new Set(asked.events);
    this.#blobs = new Set(asked.blobs.map(([seq, place]) => `${seq} ${place}`));
  }

  data(seq: number, kind: string): boolean {
    return this.#asked.allData || this.#kinds.has(kind) || this.#events.has(seq);
  }

  blob(seq: number, kind: string, place: number): boolean {
    return this.#asked.allBlobs || this.#kinds.has(kind) || this.#blobs.has(`${seq} ${place}`);
  }
}
