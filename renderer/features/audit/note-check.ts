import { type Bytes, fromBase64, sha256, toHex } from './digest.ts';

/** `present`: the key the record signs with now. `other`: signed, but by a key this page does not hold. */
export type NoteSigner = 'present' | 'other';

export interface NoteVerdict {
  readonly size: number;
  /** hex */
  readonly root: string;
  readonly signer: NoteSigner | 'nobody';
}

interface VerifierKey {
  readonly name: string;
  readonly id: string;
  readonly raw: Bytes;
}

/** `name+id+base64`, the C2SP encoding; null where it is not one of Ed25519. */
async function readKey(text: string): Promise<VerifierKey | null> {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(encoded ?? '');
  if (!name || !id || bytes.length !== 33 || bytes[0] !== 1) return null;
  const digest = await sha256(new TextEncoder().encode(`${name}\n`), bytes);
  return toHex(digest).startsWith(id) ? { name, id, raw: bytes.slice(1) } : null;
}

/** Reads a signed checkpoint (C2SP tlog-checkpoint) and checks its signature with the record's key. */
export async function checkNote(note: string, keyText: string): Promise<NoteVerdict> {
  const [origin = '', size = '', root = ''] = note.split('\n', 3);
  const end = note.indexOf('\n\n') + 1;
  const body = new TextEncoder().encode(note.slice(0, end));
  const told = { size: /^\d{1,15}$/.test(size) ? Number(size) : -1, root: toHex(fromBase64(root)) };
  const key = await readKey(keyText);
  let signer: NoteVerdict['signer'] = 'nobody';
  for (const line of note.slice(end + 1).split('\n')) {
    const [, name, encoded] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const signature = fromBase64(encoded ?? '');
    if (!name || signature.length !== 68 || name !== origin) continue;
    if (key?.name !== name || key.id !== toHex(signature.slice(0, 4))) {
      signer = signer === 'nobody' ? 'other' : signer;
      continue;
    }
    if (!(await holds(key, signature.slice(4), body))) return { ...told, signer: 'nobody' };
    signer = 'present';
  }
  return { ...told, signer };
}

async function holds(key: VerifierKey, signature: Bytes, body: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key.raw, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, body);
}
