import type { Connection } from './connection.ts';
import { backOff } from './connection.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import { pause, type Timing } from './timing.ts';

export interface Following<Item> {
  connection: Connection;
  timing: Timing;
  /** Opens the stream, from where the follower is by now. */
  open: (signal: AbortSignal) => Promise<AsyncIterable<Item>>;
  each: (item: Item) => void;
  signal: AbortSignal;
}

/** Problems that trying again would not mend. */
const final = new Set(['invalid_input', 'unauthorized', 'forbidden', 'not_found']);

/**
 * Follows a stream through any number of lost connections and cut-offs until the signal ends it.
 * `open` is asked again each time, so it continues where `each` last stood. Rejects only with a
 * Problem that trying again would not mend.
 */
export async function follow<Item>({
  connection,
  timing,
  open,
  each,
  signal,
}: Following<Item>): Promise<void> {
  let fruitless = 0;
  while (!signal.aborted) {
    try {
      await connection.connected(signal);
      for await (const item of await open(signal)) {
        if (signal.aborted) return;
        fruitless = 0;
        each(item);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const problem = problemOf(thrown);
      if (final.has(problem.code)) throw problem;
    }
    await pause(timing, backOff(fruitless++, timing.chance()), signal);
  }
}
