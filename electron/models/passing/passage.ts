import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import type { Lane } from '../calling/lane.ts';
import type { Provider } from '../providers.ts';

const words = {
  open: 'It did not begin to answer',
  idle: 'It said nothing more',
  total: 'Its answer did not come to an end',
} as const;

/** One question on its way: its turn with its provider, and an end to silence and to talk without end. */
export class Passage {
  readonly #clock: Clock;
  readonly #lane: Lane;
  readonly #title: string;
  readonly #release: () => void;
  readonly #given = new AbortController();
  readonly #forgetTotal: () => void;
  #forget: () => void = () => undefined;

  private constructor(clock: Clock, lane: Lane, { title }: Provider, release: () => void) {
    this.#clock = clock;
    this.#lane = lane;
    this.#title = title;
    this.#release = release;
    this.#forgetTotal = this.#after('total');
  }

  /** When it is its turn, among all that ask this provider. */
  static async begin(
    { clock, lane, provider }: { clock: Clock; lane: Lane; provider: Provider },
    who: string,
    signal: AbortSignal,
  ): Promise<Passage> {
    const release = lane.turns.takeNow() ?? (await lane.turns.take(who, signal));
    return new Passage(clock, lane, provider, release);
  }

  /** Aborted where its provider takes too long. */
  get tired(): AbortSignal {
    return this.#given.signal;
  }

  expectHead(): void {
    this.#expect('open');
  }

  /** The same pieces; when the last one is taken, or nobody takes any more, it is over. */
  async *through(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    try {
      this.#expect('idle');
      for await (const piece of body) {
        // Whoever takes it may take its time.
        this.#forget();
        yield piece;
        this.#expect('idle');
      }
    } finally {
      this.over();
    }
  }

  over(): void {
    this.#forget();
    this.#forgetTotal();
    this.#release();
  }

  #expect(what: 'open' | 'idle'): void {
    this.#forget();
    this.#forget = this.#after(what);
  }

  #after(what: keyof typeof words): () => void {
    const milliseconds = this.#lane.patience[what];
    return this.#clock.after(milliseconds, () => {
      const said = `${words[what]} within ${Math.round(milliseconds / 1000)} seconds.`;
      this.#given.abort(new Problem('unavailable', `${this.#title}: ${said}`));
    });
  }
}
