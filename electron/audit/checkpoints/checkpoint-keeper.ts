import type { Checkpoint } from '../../../shared/contract/record.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { CheckpointDelivery, type Destination } from './checkpoint-delivery.ts';
import type { KeptCheckpoint } from './kept-checkpoint.ts';

const activityMilliseconds = 5000;

/**
 * Sees to it that checkpoints are signed in time, kept outside the database and sent on.
 * Nothing runs while nothing is written.
 */
export class CheckpointKeeper {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #kept: KeptCheckpoint;
  readonly #delivery: CheckpointDelivery;
  readonly #settings: () => Settings;
  readonly #sign: () => Promise<Checkpoint>;
  readonly #signed: () => void;
  #newest: Checkpoint | null;
  #forget: (() => void) | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: {
    clock: Clock;
    log: Log;
    kept: KeptCheckpoint;
    newest: Checkpoint | null;
    settings: () => Settings;
    sign: () => Promise<Checkpoint>;
    /** A newer checkpoint is known, also where nothing else has changed. */
    signed: () => void;
    failed: (destination: Destination, size: number, reason: string) => void;
  }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#kept = options.kept;
    this.#newest = options.newest;
    this.#settings = options.settings;
    this.#sign = options.sign;
    this.#signed = options.signed;
    this.#delivery = new CheckpointDelivery(options.failed);
  }

  get newest(): Checkpoint | null {
    return this.#newest;
  }

  /** Events were written: a checkpoint came with them, and what it does not cover is due in a while. */
  written(checkpoint: Checkpoint | null, size: number): void {
    if (checkpoint) this.#take(checkpoint);
    if (checkpoint?.size === size) return;
    this.#forget ??= this.#clock.after(activityMilliseconds, () => void this.#signLater());
  }

  async signNow(): Promise<Checkpoint> {
    const checkpoint = await this.#sign();
    this.#take(checkpoint);
    await this.#keeping;
    return checkpoint;
  }

  async close(): Promise<void> {
    this.#forget?.();
    await this.#keeping;
    await this.#delivery.settled();
  }

  async #signLater(): Promise<void> {
    this.#forget = undefined;
    try {
      this.#take(await this.#sign());
    } catch (problem) {
      this.#log.warn({ err: problem }, 'a checkpoint could not be signed');
      this.#forget ??= this.#clock.after(activityMilliseconds, () => void this.#signLater());
    }
  }

  #take(checkpoint: Checkpoint): void {
    this.#forget?.();
    this.#forget = undefined;
    this.#newest = checkpoint;
    this.#signed();
    this.#keeping = this.#keeping
      .then(() => this.#kept.keep(checkpoint))
      .catch((problem: unknown) =>
        this.#log.warn({ err: problem }, 'the checkpoint could not be kept beside the record'),
      );
    this.#delivery.send(checkpoint, this.#settings());
  }
}
