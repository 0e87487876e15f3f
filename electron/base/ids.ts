import { randomBytes } from 'node:crypto';
import { type Id, type IdKind, idPrefixes } from '../../shared/ids.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Random bytes come from the operating system in pages: one call for each id would cost more than the id. */
let page = Buffer.alloc(0);
let used = 0;

function randomPart(): string {
  if (used + 16 > page.length) {
    page = randomBytes(4096);
    used = 0;
  }
  let text = '';
  for (let i = 0; i < 16; i++) text += alphabet[page[used + i]! & 31];
  used += 16;
  return text;
}

function timePart(milliseconds: number): string {
  let text = '';
  let rest = milliseconds;
  for (let i = 0; i < 10; i++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** A new id: its kind, 48 bits of time, 80 random bits. Sorts by time among its kind. */
export function newId<K extends IdKind>(kind: K, now: Date): Id<K> {
  return `${idPrefixes[kind]}_${timePart(now.getTime())}${randomPart()}` as Id<K>;
}

/** 128 random bits as 22 letters. */
export function newSalt(): string {
  if (used + 16 > page.length) {
    page = randomBytes(4096);
    used = 0;
  }
  const salt = page.toString('base64url', used, used + 16);
  used += 16;
  return salt;
}
