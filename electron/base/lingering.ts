import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** So long a thread stays where it is for the next question, and so long for a row of them: then its timers have their turn. */
const patience = { next: 2, row: 10 };

/** What two threads share so that one can wake the other without the other's event loop. */
export class Bell {
  readonly shared: SharedArrayBuffer;
  readonly #rings: Int32Array;

  constructor(shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#rings = new Int32Array(shared);
  }

  get rings(): number {
    return Atomics.load(this.#rings, 0);
  }

  ring(): void {
    Atomics.add(this.#rings, 0, 1);
    Atomics.notify(this.#rings, 0);
  }

  /** Stops this thread until it has rung more often than that; false where it did not for so long. */
  waits(rings: number, milliseconds: number): boolean {
    return Atomics.wait(this.#rings, 0, rings, milliseconds) !== 'timed-out';
  }
}

/**
 * Takes what is asked next right here. Who was just asked is often asked again at once, and to be woken by way of the
 * event loop takes longer than a small answer.
 */
export function linger(
  port: MessagePort,
  bell: Bell,
  take: (asked: never) => void,
  mayStay: () => boolean,
): void {
  const begun = performance.now();
  while (mayStay() && performance.now() - begun < patience.row) {
    const { rings } = bell;
    let asked: { message: never } | undefined;
    while ((asked = receiveMessageOnPort(port) as typeof asked)) take(asked.message);
    if (!bell.waits(rings, patience.next)) return;
  }
}
