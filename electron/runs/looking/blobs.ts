import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../../audit/record.ts';

const gone: ReadonlySet<string> = new Set(['not_found', 'conflict']);

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
  } catch (failure) {
    if (gone.has(Problem.of(failure).code)) return null;
    throw failure;
  }
  return Buffer.concat(pieces).toString('utf8');
}

export const jsonBlob = (name: string, value: unknown) => ({
  name,
  type: 'application/json',
  content: Buffer.from(JSON.stringify(value)),
});
