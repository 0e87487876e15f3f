import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../../../shared/ids.ts';
import type { AuditRecord } from '../../audit/record.ts';

const name = 'transcript.cast';

/** What the session said and was told, as its end carries it: what a viewer of casts can play. */
export async function writeTranscript(
  record: Pick<AuditRecord, 'query' | 'blob'>,
  session: Id<'session'>,
  folder: string,
): Promise<void> {
  const { events } = await record.query({ filter: { session, kinds: ['session.ended'] }, limit: 1 });
  const [ended] = events;
  const index = ended?.blobs.findIndex((blob) => blob.name === name) ?? -1;
  if (!ended || index < 0) return;
  const file = await open(join(folder, name), 'wx');
  try {
    for (let at: number | null = 0; at !== null;) {
      const { content, next } = await record.blob(ended.seq, index, at);
      await file.write(content);
      at = next;
    }
  } finally {
    await file.close();
  }
}
