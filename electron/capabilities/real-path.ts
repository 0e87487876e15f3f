const beyondAscii = /[^\0-\u007F]/;

export const isAscii = (text: string): boolean => !beyondAscii.test(text);

/**
 * Where something really lies, as the file system named it, one letter for each byte: names need not
 * be UTF-8, and nothing here folds case or composes letters. Only opening makes one (open-path.ts).
 */
export class RealPath {
  readonly bytes: string;
  /** How many names (hard links) the file has, 1 for folders and for what is not there yet; null where nobody counted. */
  readonly names: number | null;

  constructor(bytes: string, names: number | null) {
    this.bytes = bytes;
    this.names = names;
  }

  /** For people; bytes that are no UTF-8 are shown as the replacement character. */
  toString(): string {
    return Buffer.from(this.bytes, 'latin1').toString('utf8');
  }
}

/** A text in the same one-letter-for-each-byte spelling. */
export function bytesOf(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** What the file system is asked with: exactly those bytes. */
export function fileName(bytes: string): string | Buffer {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1');
}
