import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Proof } from '../../../shared/contract/record.ts';
import { type Bytes, fromBase64, fromHex, sha256, toHex } from './digest.ts';
import { checkProof } from './proof-check.ts';

/* A small tree and signer, written from RFC 9162 and the C2SP notes, not from the code under test. */
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const base64 = (...parts: Bytes[]) => btoa(parts.map((part) => String.fromCharCode(...part)).join(''));
const leafOf = async (header: string) => toHex(await sha256(Uint8Array.of(0), bytesOf(header)));
const nodeOf = async (left: string, right: string) =>
  toHex(await sha256(Uint8Array.of(1), fromHex(left), fromHex(right)));
const split = (count: number) => 2 ** Math.floor(Math.log2(count - 1));

async function rootOf(leaves: readonly string[]): Promise<string> {
  if (leaves.length === 1) return leaves[0]!;
  const k = split(leaves.length);
  return nodeOf(await rootOf(leaves.slice(0, k)), await rootOf(leaves.slice(k)));
}

async function pathOf(index: number, leaves: readonly string[]): Promise<string[]> {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  const [near, far] =
    index < k ? [leaves.slice(0, k), leaves.slice(k)] : [leaves.slice(k), leaves.slice(0, k)];
  return [...(await pathOf(index < k ? index : index - k, near)), await rootOf(far)];
}

const origin = 'holdfast/test';

async function newKey() {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const stamped = Uint8Array.of(1, ...raw);
  const id = (await sha256(bytesOf(`${origin}\n`), stamped)).slice(0, 4);
  return { secret: pair.privateKey, id, text: `${origin}+${toHex(id)}+${base64(stamped)}` };
}

const signer = await newKey();
const key = signer.text;

async function noteOf(size: number, root: string): Promise<string> {
  const body = `${origin}\n${size}\n${base64(fromHex(root))}\n`;
  const signature = new Uint8Array(
    await crypto.subtle.sign({ name: 'Ed25519' }, signer.secret, bytesOf(body)),
  );
  return `${body}\n— ${origin} ${base64(signer.id, signature)}\n`;
}

async function proofOf(seq: number, all: readonly string[], signed = true): Promise<Proof> {
  const leaves = await Promise.all(all.map(leafOf));
  const root = await rootOf(leaves);
  const size = all.length;
  const note = await noteOf(size, root);
  const checkpoint = { size, root: base64(fromHex(root)), time: '2026-01-01T00:00:00.000Z', note };
  return {
    leaf: leaves[seq]!,
    path: await pathOf(seq, leaves),
    root,
    size,
    checkpoint: signed ? checkpoint : null,
  };
}

const headers = Array.from({ length: 13 }, (_, seq) => JSON.stringify({ seq }));

test('every event of a tree of any size is found in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(), async (size, pick) => {
      const all = Array.from({ length: size }, (_, seq) => `header ${seq}`);
      const seq = pick % size;
      const verdict = await checkProof(all[seq]!, seq, await proofOf(seq, all), key);
      expect(verdict).toMatchObject({ inTree: true, signed: 'present', wrong: null });
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('an event that no checkpoint covers yet is in the tree, and nobody has signed for it', async () => {
  expect(await checkProof(headers[4]!, 4, await proofOf(4, headers, false), key)).toMatchObject({
    inTree: true,
    signed: null,
    wrong: null,
  });
});

test('a changed header is noticed', async () => {
  const verdict = await checkProof(headers[4]!.replace('4', '5'), 4, await proofOf(4, headers), key);
  expect(verdict).toMatchObject({ inTree: false, wrong: expect.stringContaining('header') });
});

test('a header with a leaf of its own making does not lead to the root', async () => {
  const forged = { ...(await proofOf(4, headers)), leaf: await leafOf('forged') };
  expect(await checkProof('forged', 4, forged, key)).toMatchObject({
    inTree: false,
    wrong: expect.stringContaining('root'),
  });
});

test('a path at the wrong place, too long or too short does not lead to the root', async () => {
  const proof = await proofOf(4, headers);
  for (const path of [
    proof.path.slice(1),
    proof.path.slice(0, -1),
    [...proof.path, proof.leaf],
    ['nothing hexadecimal'],
  ]) {
    expect((await checkProof(headers[4]!, 4, { ...proof, path }, key)).inTree).toBe(false);
  }
  expect((await checkProof(headers[4]!, 5, proof, key)).inTree).toBe(false);
});

test('a checkpoint of another tree is noticed', async () => {
  const proof = await proofOf(4, headers);
  const other = (await proofOf(4, headers.toSpliced(9, 1, 'another'))).checkpoint!;
  expect((await checkProof(headers[4]!, 4, { ...proof, checkpoint: other }, key)).wrong).toContain(
    'another tree',
  );
});

test('a signature that was tampered with counts for nobody', async () => {
  const proof = await proofOf(4, headers);
  const line = /^— (\S+) (\S+)$/m.exec(proof.checkpoint!.note)!;
  const bytes = fromBase64(line[2]!);
  bytes[40]! ^= 1;
  const note = proof.checkpoint!.note.replace(line[2]!, base64(bytes));
  const verdict = await checkProof(
    headers[4]!,
    4,
    { ...proof, checkpoint: { ...proof.checkpoint!, note } },
    key,
  );
  expect(verdict).toMatchObject({ signed: null, wrong: expect.stringContaining('signature') });
});

test('a checkpoint signed by an earlier key is told apart from one by the present key', async () => {
  const later = await newKey();
  const verdict = await checkProof(headers[4]!, 4, await proofOf(4, headers), later.text);
  expect(verdict).toMatchObject({ inTree: true, signed: 'other', wrong: null });
});
