import type { FileHandle } from 'node:fs/promises';

const mostPiece = 64 * 1024;

export interface Piece {
  readonly text: string | null;
  readonly base64: string | null;
  readonly next: number | null;
}

/** A piece of a file from here on, as text where it is one; a letter is never cut in two. */
export async function pieceOf(file: FileHandle, offset: number, size: number): Promise<Piece> {
  const buffer = Buffer.alloc(mostPiece);
  const { bytesRead } = await file.read(buffer, 0, mostPiece, offset);
  const read = buffer.subarray(0, bytesRead);
  const isLast = bytesRead === 0 || offset + bytesRead >= size;
  const whole = isLast ? read : read.subarray(0, read.length - begunLetter(read));
  const text = textOf(whole);
  const piece = text === null ? read : whole;
  const next = isLast ? null : offset + piece.length;
  return { text, base64: text === null ? read.toString('base64') : null, next };
}

/** How many bytes at the end are the beginning of a letter that goes on. */
function begunLetter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
