import type { Withhold } from '../../../shared/contract/record.ts';

/** Whose payload it is. */
interface Payload {
  readonly seq: number;
  readonly kind: string;
  readonly run: string | null;
  readonly session: string | null;
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

  data({ seq, kind, ...of }: Payload): boolean {
    return this.#asked.allData || this.#isOutside(of) || this.#kinds.has(kind) || this.#events.has(seq);
  }

  blob({ seq, kind, ...of }: Payload, place: number): boolean {
    const isNamed = this.#kinds.has(kind) || this.#blobs.has(`${seq} ${place}`);
    return this.#asked.allBlobs || this.#isOutside(of) || isNamed;
  }

  #isOutside({ run, session }: Pick<Payload, 'run' | 'session'>): boolean {
    const { onlyRun, onlySession } = this.#asked;
    return (onlyRun !== null && run !== onlyRun) || (onlySession !== null && session !== onlySession);
  }
}
