import type { Connection } from '../../store/database.ts';
import { type Hash, leafHash, nodeHash } from './hashing.ts';
import { Frontier, type SubtreeSource } from './tree.ts';

/** Of the tree's inner nodes only every eighth level is stored; what lies between is hashed again when asked. */
export const storedLevels = [8, 16, 24, 32] as const;
const tile = 256;

/** Roots of complete subtrees, from the stored levels and, below them, from the headers themselves. */
export function subtreesOf(database: Connection): SubtreeSource {
  const stored = database.prepare('SELECT hash FROM subtrees WHERE level = ? AND place = ?').pluck();
  const headers = database
    .prepare('SELECT header FROM events WHERE seq >= ? AND seq < ? ORDER BY seq')
    .pluck();

  const fromLeaves = (start: number, leaves: number): Hash => {
    const tree = new Frontier();
    for (const header of headers.all(start, start + leaves) as string[]) tree.append(leafHash(header));
    if (tree.size !== leaves) throw new Error(`events ${start} to ${start + leaves - 1} are not all there`);
    return tree.root();
  };

  const subtree: SubtreeSource = (start, leaves) => {
    if (leaves < tile) return fromLeaves(start, leaves);
    const level = Math.log2(leaves);
    if (level % 8 === 0) {
      const hash = stored.get(level, start / leaves) as Hash | undefined;
      if (hash !== undefined) return hash;
    }
    const half = leaves / 2;
    return nodeHash(subtree(start, half), subtree(start + half, half));
  };
  return subtree;
}

/** The frontier of the first `size` events. */
export function frontierAt(size: number, subtree: SubtreeSource): Frontier {
  const tree = new Frontier();
  let bit = 1;
  while (bit * 2 <= size) bit *= 2;
  for (let start = 0; bit >= 1; bit /= 2) {
    if (size - start >= bit) {
      tree.appendSubtree(subtree(start, bit), bit);
      start += bit;
    }
  }
  return tree;
}
