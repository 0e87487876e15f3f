import { mkdir } from 'node:fs/promises';
import type { Id } from '../../../shared/ids.ts';
import type { AuditRecord } from '../../audit/record.ts';

/** The bundle of one session, as files: from its first event to the one that seals its record; of others, headers only. */
export async function writeProof(
  record: Pick<AuditRecord, 'exportInto'>,
  { session, from, to, folder }: { session: Id<'session'>; from: number; to: number; folder: string },
  signal: AbortSignal,
): Promise<void> {
  const withhold = {
    kinds: [],
    events: [],
    blobs: [],
    allData: false,
    allBlobs: false,
    onlyRun: null,
    onlySession: session,
  };
  await mkdir(folder);
  await record.exportInto(folder, { from, to, withhold }, signal);
}
