import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyRoot, type Hash, leafHash, nodeHash, sha256 } from './hashing.ts';
import { Frontier, inclusionPath, rangeRoot, rootFromPath, splitPoint } from './tree.ts';

/** RFC 9162 §2.1.1, word for word: the slow definition everything else is held against. */
function definedRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0]!;
  const left = splitPoint(leaves.length);
  return nodeHash(definedRoot(leaves.slice(0, left)), definedRoot(leaves.slice(left)));
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => leafHash(`leaf ${i}`));
const sizes = fc.integer({ min: 0, max: 200 });

test('the empty tree and the first leaf have the hashes of the standard', () => {
  expect(new Frontier().root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(leafHash('a')).toBe(sha256(Buffer.from([0, 97])));
});

test('a frontier has the root that the standard defines, whatever the size', () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const leaves = leavesOf(size);
      const tree = new Frontier();
      for (const leaf of leaves) tree.append(leaf);
      expect(tree.root()).toBe(definedRoot(leaves));
      expect(new Frontier(tree.size, tree.roots).root()).toBe(tree.root());
    }),
  );
});

test('subtrees told as completed are the subtrees of the standard', () => {
  const leaves = leavesOf(64);
  const tree = new Frontier();
  const told: string[] = [];
  for (const leaf of leaves) {
    tree.append(leaf, (count, place, root) => {
      expect(root).toBe(definedRoot(leaves.slice(place * count, (place + 1) * count)));
      told.push(`${count}/${place}`);
    });
  }
  expect(told).toHaveLength(63);
  expect(new Set(told).size).toBe(63);
});

test('the path of any leaf leads to the root, and no other leaf’s does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), fc.nat(), (size, first, second) => {
      const leaves = leavesOf(size);
      const subtree = (start: number, count: number) => definedRoot(leaves.slice(start, start + count));
      const root = definedRoot(leaves);
      const index = first % size;
      const other = second % size;
      const path = inclusionPath(index, size, subtree);
      expect(rootFromPath(leaves[index]!, index, size, path)).toBe(root);
      if (other !== index) {
        expect(rootFromPath(leaves[other]!, index, size, path)).not.toBe(root);
        expect(rootFromPath(leaves[index]!, other, size, path)).not.toBe(root);
      }
      expect(rootFromPath(leaves[index]!, index, size, [...path, root])).toBeNull();
      expect(rangeRoot(0, size, subtree)).toBe(root);
    }),
  );
});

test('a subtree cannot be put where it would not stand', () => {
  const tree = new Frontier();
  tree.append(leafHash('x'));
  expect(() => tree.appendSubtree(leafHash('y'), 2)).toThrow(RangeError);
  expect(() => new Frontier(3, [])).toThrow(RangeError);
});
