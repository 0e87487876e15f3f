import type { Withhold } from '../../../shared/contract/record.ts';

/** Whose payload it is. */
interface Payload {
  readonly seq: number;
  readonly kind: string;
  readonly run: string | null;
}

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

  data({ seq, kind, run }: Payload): boolean {
    return this.#asked.allData || this.#isOutside(run) || this.#kinds.has(kind) || this.#events.has(seq);
  }

  blob({ seq, kind, run }: Payload, place: number): boolean {
    const isNamed = this.#kinds.has(kind) || this.#blobs.has(`${seq} ${place}`);
    return this.#asked.allBlobs || this.#isOutside(run) || isNamed;
  }

  #isOutside(run: string | null): boolean {
    return this.#asked.onlyRun !== null && run !== this.#asked.onlyRun;
  }
}
