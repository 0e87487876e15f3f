import type { Client } from '../../../bridge/client.ts';

type Piece = Awaited<ReturnType<Client['runs']['output']>>;

/** A file piece by piece, up to so many bytes. The pieces become one Blob, which the browser may keep on disk. */
export async function readOutput(
  client: Client,
  run: string,
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<Blob> {
  const pieces: BlobPart[] = [];
  for (let offset: number | null = 0; offset !== null && offset < most;) {
    const piece: Piece = await client.runs.output({ run, path, offset }, { signal });
    pieces.push(piece.text ?? bytesIn(piece.base64 ?? ''));
    offset = piece.next;
  }
  return new Blob(pieces);
}

const bytesIn = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
