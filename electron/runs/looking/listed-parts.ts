import type { BlobDraft } from '../../../shared/events/catalogue.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { ListedPart } from '../carrying/planned-part.ts';
import { attached, jsonBlob } from './blobs.ts';

/** A blob is read in pieces, each of which costs all of it: so many small ones, as many as one event holds. */
const inOneBlob = 1700;

/** Where they stand among what is attached to a plan: the first has its place, the others come after the roles. */
const placeOf = (nth: number) => (nth === 0 ? 1 : nth + 2);

export function listedBlobs(listed: readonly ListedPart[]): BlobDraft[] {
  const blobs: BlobDraft[] = [];
  for (let at = 0; at < listed.length; at += inOneBlob) {
    const name = at === 0 ? 'parts.json' : `parts-${at / inOneBlob + 1}.json`;
    blobs.push(jsonBlob(name, listed.slice(at, at + inOneBlob)));
  }
  return blobs;
}

/**
 * Piece by piece, so that the first are there before the last are read; none where they are no longer kept. The next
 * is read on its thread while somebody works on the one before.
 */
export async function* listedPieces(
  record: Pick<AuditRecord, 'blob'>,
  seq: number,
): AsyncGenerator<ListedPart[], void> {
  const read = (nth: number) => {
    const reading = attached(record, seq, placeOf(nth));
    // Whoever leaves before it is there does not hear how it went.
    reading.catch(() => undefined);
    return reading;
  };
  let reading = read(0);
  for (let nth = 1; ; nth++) {
    const text = await reading;
    if (text === null) return;
    const piece = JSON.parse(text) as ListedPart[];
    const isLast = piece.length < inOneBlob;
    if (!isLast) reading = read(nth);
    yield piece;
    if (isLast) return;
  }
}
