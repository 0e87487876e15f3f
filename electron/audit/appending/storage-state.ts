import type { RecordState } from '../../../shared/contract/record.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';

const probeMilliseconds = 2000;

/**
 * Whether the disk takes what is written. While it does not, a probe tries to write the event that
 * tells of it: the first that succeeds is both the proof that there is room and the record of the gap.
 */
export class StorageState {
  readonly #clock: Clock;
  readonly #probe: (gap: { refused: number; seconds: number }) => Promise<unknown>;
  readonly #changed: () => void;
  #state: RecordState['storage'] = 'ok';
  #since = 0;
  #refused = 0;
  #forget: (() => void) | undefined;

  constructor(options: {
    clock: Clock;
    probe: (gap: { refused: number; seconds: number }) => Promise<unknown>;
    changed: () => void;
  }) {
    this.#clock = options.clock;
    this.#probe = options.probe;
    this.#changed = options.changed;
  }

  get state(): RecordState['storage'] {
    return this.#state;
  }

  refused(problem: Problem, events: number): void {
    if (problem.code !== 'storage_full' && problem.code !== 'storage_failed') return;
    if (this.#state === 'ok') {
      this.#since = this.#clock.now().getTime();
      this.#refused = 0;
      this.#probeLater();
    }
    this.#refused += events;
    const state = problem.code === 'storage_full' ? 'full' : 'failing';
    if (state === this.#state) return;
    this.#state = state;
    this.#changed();
  }

  close(): void {
    this.#forget?.();
  }

  #probeLater(): void {
    this.#forget = this.#clock.after(probeMilliseconds, () => void this.#try());
  }

  async #try(): Promise<void> {
    const seconds = (this.#clock.now().getTime() - this.#since) / 1000;
    try {
      await this.#probe({ refused: this.#refused, seconds });
      this.#state = 'ok';
      this.#changed();
    } catch {
      // Still no room: the state says so already.
      this.#probeLater();
    }
  }
}
