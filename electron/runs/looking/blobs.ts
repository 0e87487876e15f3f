import type { AuditRecord } from '../../audit/record.ts';

/** One attached text, whole; null where it was erased or pruned, or there is none. */
export async function attached(
  record: Pick<AuditRecord, 'blob'>,
  seq: number,
  index = 0,
): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  try {
    for (let offset: number | null = 0; offset !== null;) {
      const piece = await record.blob(seq, index, offset);
      pieces.push(piece.content);
      offset = piece.next;
    }
  } catch {
    return null;
  }
  return Buffer.concat(pieces).toString('utf8');
}

export const jsonBlob = (name: string, value: unknown) => ({
  name,
  type: 'application/json',
  content: Buffer.from(JSON.stringify(value)),
});
