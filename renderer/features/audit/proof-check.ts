import type { Proof } from '../../../shared/contract/record.ts';
import { checkNote, type NoteSigner } from './note-check.ts';
import { fromHex, type Bytes, sha256, toHex } from './digest.ts';

/** What this page found by computing it itself. */
export interface ProofVerdict {
  /** The header hashes to the leaf, and the leaf's path leads to the root. */
  readonly inTree: boolean;
  /** The hashes passed on the way from the leaf to the root. */
  readonly steps: readonly string[];
  /** Who signed a checkpoint of exactly this tree; null while none covers the event. */
  readonly signed: NoteSigner | null;
  /** What does not hold, in a sentence. */
  readonly wrong: string | null;
}

async function leafHash(header: string): Promise<Bytes> {
  return sha256(new Uint8Array([0]), new TextEncoder().encode(header));
}

const nodeHash = (left: Bytes, right: Bytes) => sha256(new Uint8Array([1]), left, right);

/** RFC 9162 §2.1.3.2: climbs from a leaf to the root, or null where the path does not fit the tree. */
export async function climb(
  leaf: Bytes,
  seq: number,
  size: number,
  path: readonly string[],
): Promise<string[] | null> {
  if (seq >= size) return null;
  let index = BigInt(seq);
  let last = BigInt(size - 1);
  let hash = leaf;
  const steps: string[] = [];
  for (const sibling of path) {
    const other = fromHex(sibling);
    if (last === 0n || other.length !== 32) return null;
    if (index % 2n === 1n || index === last) {
      hash = await nodeHash(other, hash);
      while (index % 2n === 0n && index !== 0n) {
        index >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, other);
    }
    index >>= 1n;
    last >>= 1n;
    steps.push(toHex(hash));
  }
  return last === 0n ? steps : null;
}

/** Checks an event's place in the signed tree from its header alone; nothing the server says of it is believed. */
export async function checkProof(
  header: string,
  seq: number,
  proof: Proof,
  key: string,
): Promise<ProofVerdict> {
  const leaf = await leafHash(header);
  const bare: ProofVerdict = { inTree: false, steps: [], signed: null, wrong: null };
  if (toHex(leaf) !== proof.leaf)
    return { ...bare, wrong: 'The header of this event does not have the hash that the tree holds.' };
  const steps = await climb(leaf, seq, proof.size, proof.path);
  if (!steps || (steps.at(-1) ?? proof.leaf) !== proof.root) {
    return { ...bare, steps: steps ?? [], wrong: 'The way from this event to the root does not lead there.' };
  }
  const proven = { ...bare, inTree: true, steps };
  if (!proof.checkpoint) return proven;
  if (proof.checkpoint.size !== proof.size)
    return { ...proven, wrong: 'The checkpoint is of a tree of another size.' };
  const note = await checkNote(proof.checkpoint.note, key);
  if (note.size !== proof.size || note.root !== proof.root) {
    return { ...proven, wrong: 'The checkpoint signs another tree than the one this event is in.' };
  }
  if (note.signer === 'nobody')
    return { ...proven, wrong: 'The signature under the checkpoint does not hold.' };
  return { ...proven, signed: note.signer };
}
