import type { Checkpoint, ExportPreview, Verification, Withhold } from '../../shared/contract/record.ts';
import type { Id } from '../../shared/ids.ts';
import type { SignerKey } from './note.ts';
import type { AuditRecord, BundleMade, Told } from './record.ts';

/** What the record can prove: the long jobs, each on threads of its own. */
export interface Proving {
  verify(
    options: { threads?: number | undefined; against: readonly string[] },
    signal: AbortSignal,
  ): AsyncGenerator<Told<Verification>>;
  preview(range: { from: number; to: number }): Promise<ExportPreview>;
  export(
    request: { from: number; to: number; withhold: Withhold; checkpoint: Checkpoint; key: SignerKey },
    signal: AbortSignal,
  ): AsyncGenerator<Told<BundleMade>>;
  readExport(bundle: Id<'bundle'>, offset: number): ReturnType<AuditRecord['readExport']>;
  backup(path: string, checkpoint: Checkpoint, signal: AbortSignal): ReturnType<AuditRecord['backup']>;
  rebuild(): ReturnType<AuditRecord['rebuild']>;
  close(): Promise<void>;
}
