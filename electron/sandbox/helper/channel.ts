import { Problem } from '../../../shared/problem.ts';
import { Breach } from './breach.ts';
import { type Frame, frame, frameOf } from './frames.ts';
import type { HelperStreams } from './helper.ts';
import type { PayloadWriter } from './payload-writer.ts';

/** Whoever waits for frames with one id. */
export interface Listener {
  take(frame: Frame): void;
  lost(reason: Problem): void;
}

/** The ids of one helper and who waits for what; the one place that writes to it. */
export class Channel {
  readonly #streams: HelperStreams;
  readonly #listeners = new Map<number, Listener>();
  #lastId = 0;
  #lost: Problem | undefined;

  constructor(streams: HelperStreams) {
    this.#streams = streams;
  }

  get lost(): Problem | undefined {
    return this.#lost;
  }

  /** An id of its own, until `close`. Throws when the helper is gone. */
  open(listener: Listener): number {
    if (this.#lost !== undefined) throw this.#lost;
    do this.#lastId = (this.#lastId % 0xff_ff_ff_ff) + 1;
    while (this.#listeners.has(this.#lastId));
    this.#listeners.set(this.#lastId, listener);
    return this.#lastId;
  }

  close(id: number): void {
    this.#listeners.delete(id);
  }

  deliver(received: Frame): void {
    const listener = this.#listeners.get(received.id);
    if (listener === undefined) throw new Breach('an answer to nothing');
    listener.take(received);
  }

  send(head: Omit<Frame, 'payload'>, fill?: (payload: PayloadWriter) => void, expected?: number): void {
    if (this.#lost !== undefined) return;
    try {
      this.#streams.toHelper.write(frame(head, fill, expected));
    } catch (thrown) {
      this.close(head.id);
      throw thrown;
    }
  }

  sendBytes(head: Omit<Frame, 'payload'>, bytes: Uint8Array): void {
    if (this.#lost === undefined) this.#streams.toHelper.write(frameOf(head, bytes));
  }

  lose(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = new Problem('unavailable', `The sandbox is gone: ${reason}`);
    const waiting = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of waiting) listener.lost(this.#lost);
  }
}
