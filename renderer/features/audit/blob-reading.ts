import type { Client } from '../../bridge/client.ts';
import { fromBase64 } from './digest.ts';

/** Everything of one attachment, piece by piece. The pieces become one Blob, which the browser may keep on disk. */
export async function readBlob(
  client: Client,
  seq: number,
  index: number,
  signal: AbortSignal,
): Promise<Blob> {
  const pieces: Blob[] = [];
  let type = 'application/octet-stream';
  for (let offset: number | null = 0; offset !== null;) {
    const piece: Awaited<ReturnType<Client['record']['blob']>> = await client.record.blob(
      { seq, index, offset },
      { signal },
    );
    pieces.push(new Blob([fromBase64(piece.base64)]));
    type = piece.type;
    offset = piece.next;
  }
  return new Blob(pieces, { type });
}

export function isText(type: string): boolean {
  return /^text\/|[/+]json$|[/+]xml$|javascript|yaml/.test(type);
}
