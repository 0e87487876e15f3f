import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { Problem } from '../../../shared/problem.ts';
import { fromBase64, type Hash, sha256, toBase64 } from './hashing.ts';

/**
 * C2SP signed notes and tlog checkpoints: three lines (origin, size, root), an empty line, and one
 * signature line for each key. Both formats are public, so other people's tools can check ours.
 */
export interface CheckpointText {
  origin: string;
  size: number;
  root: Hash;
}

const ed25519 = Buffer.from([1]);
/** What comes before the 32 raw bytes in an Ed25519 key's SPKI encoding. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name, newline, algorithm, key), hexadecimal. */
  readonly id: string;
  readonly key: KeyObject;
  /** `name+id+base64`, the C2SP encoding. */
  readonly text: string;
  /** SHA-256 of the raw public key: what people compare. */
  readonly fingerprint: string;
}

export interface SignerKey extends VerifierKey {
  readonly secret: KeyObject;
  /** PKCS#8 PEM, for the vault. */
  readonly pem: string;
}

function verifier(name: string, raw: Buffer): VerifierKey {
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), ed25519, raw])).slice(0, 8);
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
  const text = `${name}+${id}+${Buffer.concat([ed25519, raw]).toString('base64')}`;
  return { name, id, key, text, fingerprint: `SHA256:${sha256(raw)}` };
}

export function parseVerifierKey(text: string): VerifierKey {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (!name || bytes.length !== 33 || bytes[0] !== 1)
    throw new Problem('invalid_input', 'not an Ed25519 verifier key');
  const key = verifier(name, bytes.subarray(1));
  if (key.id !== id) throw new Problem('invalid_input', 'the verifier key and its id do not belong together');
  return key;
}

function signer(name: string, secret: KeyObject): SignerKey {
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const pem = secret.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { ...verifier(name, spki.subarray(spki.length - 32)), secret, pem };
}

export function newSignerKey(name: string): SignerKey {
  return signer(name, generateKeyPairSync('ed25519').privateKey);
}

export function signerKeyFromPem(name: string, pem: string): SignerKey {
  return signer(name, createPrivateKey(pem));
}

export function checkpointBody({ origin, size, root }: CheckpointText): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

export function signCheckpoint(checkpoint: CheckpointText, keys: readonly SignerKey[]): string {
  const body = checkpointBody(checkpoint);
  let note = `${body}\n`;
  for (const key of keys) {
    const signature = Buffer.concat([Buffer.from(key.id, 'hex'), sign(null, Buffer.from(body), key.secret)]);
    note += `— ${key.name} ${signature.toString('base64')}\n`;
  }
  return note;
}

/** The same checkpoint with the signatures of both notes; `note` alone where they do not state the same. */
export function withSignaturesOf(note: string, earlier: string): string {
  const [body = '', lines = ''] = note.split(/(?<=\n\n)/, 2);
  if (!earlier.startsWith(body)) return note;
  const added = earlier
    .slice(body.length)
    .split(/(?<=\n)/)
    .filter((line) => !lines.includes(line));
  return note + added.join('');
}

const sizeLine = /^(0|[1-9][0-9]{0,15})$/;

/** Reads a note without believing it; null where it is none. */
export function readCheckpoint(note: string): CheckpointText | null {
  const [origin, size, root, empty] = note.split('\n', 4);
  if (!origin || !size || !sizeLine.test(size) || !root || empty !== '') return null;
  const hex = fromBase64(root);
  if (hex.length !== 64 || toBase64(hex) !== root) return null;
  return { origin, size: Number(size), root: hex };
}

export function parseCheckpoint(note: string): CheckpointText {
  const checkpoint = readCheckpoint(note);
  if (!checkpoint) throw new Problem('invalid_input', 'not a signed checkpoint');
  return checkpoint;
}

/** Which of the keys signed this note. A signature that names a key but does not hold counts for nobody. */
export function signersOf(note: string, keys: readonly VerifierKey[]): VerifierKey[] {
  const end = note.indexOf('\n\n') + 1;
  if (end === 0) return [];
  const body = Buffer.from(note.slice(0, end));
  const found: VerifierKey[] = [];
  for (const line of note.slice(end + 1).split('\n')) {
    const [, name, encoded] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    if (!name || !encoded) continue;
    const bytes = Buffer.from(encoded, 'base64');
    const key = keys.find(
      (candidate) => candidate.name === name && candidate.id === bytes.toString('hex', 0, 4),
    );
    if (key && bytes.length === 68 && verify(null, body, key.key, bytes.subarray(4))) found.push(key);
  }
  return found;
}
