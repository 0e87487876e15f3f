import { shortestSecret } from '../../store/sealed-vault.ts';

/**
 * Secrets never reach the record: every known value is replaced before an event is built, in the
 * spellings in which it usually travels (as it is, URL-encoded, base64, escaped for JSON).
 */
export interface Redactor {
  readonly text: (text: string) => string;
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
}

export const redacted = '[secret]';

const identity: Redactor = { text: (text) => text, bytes: (bytes) => bytes };

function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  const base64url = base64.replaceAll('+', '-').replaceAll('/', '_');
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [secret, encodeURIComponent(secret.toWellFormed()), base64, base64url, escaped];
}

const escapePattern = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = [
    ...new Set(secrets.filter((secret) => secret.length >= shortestSecret).flatMap(spellings)),
  ];
  if (needles.length === 0) return identity;
  needles.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(needles.map(escapePattern).join('|'), 'g');
  // Bytes are searched as Latin-1, in which each byte is one letter and UTF-8 stays comparable.
  const latin = (text: string) => Buffer.from(text).toString('latin1');
  const bytePattern = new RegExp(needles.map((needle) => escapePattern(latin(needle))).join('|'), 'g');
  return {
    text: (text) => text.replaceAll(pattern, redacted),
    bytes(bytes) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      const clean = text.replaceAll(bytePattern, redacted);
      return clean === text ? bytes : Buffer.from(clean, 'latin1');
    },
  };
}
