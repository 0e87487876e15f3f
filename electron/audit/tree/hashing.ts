import { hash } from 'node:crypto';

/** A SHA-256 as 64 hexadecimal digits: Node makes a short string several times faster than a Buffer. */
export type Hash = string;

export function sha256(input: string | Uint8Array): Hash {
  return hash('sha256', input, 'hex');
}

/** What a leaf says of a payload. The salt keeps a withheld payload from being guessed. */
export function saltedHash(salt: string, content: string | Uint8Array): Hash {
  if (typeof content === 'string') return hash('sha256', salt + content, 'hex');
  return hash('sha256', Buffer.concat([Buffer.from(salt, 'latin1'), content]), 'hex');
}

const pair = Buffer.alloc(65);
pair[0] = 1;

/** RFC 9162 §2.1.1: a leaf is hashed behind a zero byte. */
export function leafHash(header: string): Hash {
  return hash('sha256', `\0${header}`, 'hex');
}

/** RFC 9162 §2.1.1: two subtrees are hashed behind a one byte. */
export function nodeHash(left: Hash, right: Hash): Hash {
  pair.write(left, 1, 32, 'hex');
  pair.write(right, 33, 32, 'hex');
  return hash('sha256', pair, 'hex');
}

export const emptyRoot: Hash = sha256('');

export const toBase64 = (hex: Hash): string => Buffer.from(hex, 'hex').toString('base64');
export const fromBase64 = (base64: string): Hash => Buffer.from(base64, 'base64').toString('hex');
