import { toBase64 } from '../tree/hashing.ts';
import type { SubtreeSource } from '../tree/tree.ts';

/** Events from the first to the last, both included. */
export interface Run {
  from: number;
  to: number;
}

/**
 * Proves that some events are in the tree of `size` leaves: from the first leaf to the last, each
 * event of the bundle by its number, and everything between them as the roots of the largest complete
 * subtrees. Runs are in order and do not overlap.
 */
export function* proofLines(runs: readonly Run[], size: number, subtree: SubtreeSource): Generator<string> {
  let place = 0;
  for (const { from, to } of runs) {
    yield* omitted(place, from, subtree);
    for (place = from; place <= to; place++) yield `event ${place}`;
  }
  yield* omitted(place, size, subtree);
}

function* omitted(from: number, to: number, subtree: SubtreeSource): Generator<string> {
  for (let place = from; place < to;) {
    let leaves = 1;
    while (place % (leaves * 2) === 0 && place + leaves * 2 <= to) leaves *= 2;
    yield `tree ${leaves} ${toBase64(subtree(place, leaves))}`;
    place += leaves;
  }
}
