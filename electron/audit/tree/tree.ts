import { emptyRoot, type Hash, nodeHash } from './hashing.ts';

/** Told of a subtree of `leaves` leaves, the `place`-th of its size. */
export type CompletedSubtree = (leaves: number, place: number, root: Hash) => void;

/**
 * RFC 9162's Merkle tree, kept as its frontier: the roots of the complete subtrees that make up
 * the first `size` leaves, largest first (one for each bit of `size`). Appending costs one hash on
 * average; nothing else of the tree has to be in memory.
 */
export class Frontier {
  #roots: Hash[];
  #size: number;

  constructor(size = 0, roots: readonly Hash[] = []) {
    if (roots.length !== bitCount(size)) throw new RangeError(`${roots.length} roots for size ${size}`);
    this.#size = size;
    this.#roots = [...roots];
  }

  get size(): number {
    return this.#size;
  }

  get roots(): readonly Hash[] {
    return this.#roots;
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#roots);
  }

  append(leaf: Hash, completed?: CompletedSubtree): void {
    this.appendSubtree(leaf, 1, completed);
  }

  /**
   * Adds a complete subtree of `leaves` (a power of two) leaves; the size must be a multiple of it.
   * `completed` hears of every larger subtree that this makes complete.
   */
  appendSubtree(root: Hash, leaves: number, completed?: CompletedSubtree): void {
    if (this.#size % leaves !== 0) throw new RangeError(`${leaves} leaves cannot stand at ${this.#size}`);
    let carried = root;
    let bit = leaves;
    while (Math.floor(this.#size / bit) % 2 === 1) {
      carried = nodeHash(this.#roots.pop()!, carried);
      bit *= 2;
      completed?.(bit, (this.#size + leaves) / bit - 1, carried);
    }
    this.#roots.push(carried);
    this.#size += leaves;
  }

  /** The tree's root hash. */
  root(): Hash {
    if (this.#roots.length === 0) return emptyRoot;
    let root = this.#roots.at(-1)!;
    for (let i = this.#roots.length - 2; i >= 0; i--) root = nodeHash(this.#roots[i]!, root);
    return root;
  }
}

function bitCount(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}

/** The largest power of two smaller than `size`: where RFC 9162 splits a tree. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Gives the root of the complete subtree of `leaves` leaves starting at `start`. */
export type SubtreeSource = (start: number, leaves: number) => Hash;

/** Root of the leaves [start, end), which need not be a complete subtree. */
export function rangeRoot(start: number, end: number, subtree: SubtreeSource): Hash {
  const size = end - start;
  if (size === 0) return emptyRoot;
  const left = splitPoint(size);
  if (size === 1 || left * 2 === size) return subtree(start, size);
  return nodeHash(rangeRoot(start, start + left, subtree), rangeRoot(start + left, end, subtree));
}

/** RFC 9162 §2.1.3.1: the sibling hashes from leaf `index` up to the root of `size` leaves. */
export function inclusionPath(index: number, size: number, subtree: SubtreeSource): Hash[] {
  if (index < 0 || index >= size) throw new RangeError(`leaf ${index} of ${size}`);
  const path: Hash[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push(rangeRoot(middle, end, subtree));
      end = middle;
    } else {
      path.push(rangeRoot(start, middle, subtree));
      start = middle;
    }
  }
  return path.toReversed();
}

/** RFC 9162 §2.1.3.2: the root that a leaf and its path lead to, or null where the path does not fit. */
export function rootFromPath(leaf: Hash, index: number, size: number, path: readonly Hash[]): Hash | null {
  if (index >= size) return null;
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      root = nodeHash(root, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : null;
}
