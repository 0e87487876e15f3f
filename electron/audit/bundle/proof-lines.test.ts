import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { fromBase64, type Hash, leafHash } from '../tree/hashing.ts';
import { Frontier, rangeRoot, type SubtreeSource } from '../tree/tree.ts';
import { proofLines, type Run } from './proof-lines.ts';

const leaves = Array.from({ length: 3000 }, (_, i) => leafHash(`leaf ${i}`));
const treeOf = (from: number, to: number): Frontier => {
  const tree = new Frontier();
  for (const leaf of leaves.slice(from, to)) tree.append(leaf);
  return tree;
};
const subtree: SubtreeSource = (start, size) => treeOf(start, start + size).root();

/** What a reader of the proof does who has only the leaves of the runs. */
function rootOf(lines: Iterable<string>): { size: number; root: Hash; trees: number } {
  const tree = new Frontier();
  let trees = 0;
  for (const line of lines) {
    const [word, number, hash] = line.split(' ') as [string, string, string];
    if (word === 'event') tree.append(leaves[Number(number)]!);
    else {
      tree.appendSubtree(fromBase64(hash), Number(number));
      trees++;
    }
  }
  return { size: tree.size, root: tree.root(), trees };
}

/** A size and some runs within it, in order. */
const sizeAndRuns = fc
  .tuple(
    fc.integer({ min: 1, max: leaves.length }),
    fc.array(fc.nat(leaves.length - 1), { minLength: 2, maxLength: 8 }),
  )
  .map(([size, places]) => {
    const bounds = [...new Set(places.map((place) => place % size))].toSorted((a, b) => a - b);
    const runs: Run[] = [];
    for (let i = 0; i < bounds.length; i += 2)
      runs.push({ from: bounds[i]!, to: bounds[i + 1] ?? bounds[i]! });
    return { size, runs };
  });

test('any runs of events of any record lead to its root', () => {
  fc.assert(
    fc.property(sizeAndRuns, ({ size, runs }) => {
      const expected = { size, root: rangeRoot(0, size, subtree) };
      expect(rootOf(proofLines(runs, size, subtree))).toMatchObject(expected);
    }),
    { numRuns: count(100, 5000) },
  );
});

test('what is left out on both sides of one run takes no more than two hashes for each level of the tree', () => {
  const { trees } = rootOf(proofLines([{ from: 1234, to: 1300 }], 2999, subtree));
  expect(trees).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(2999)));
});
