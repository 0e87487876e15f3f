import type { ExportPreview, PreviewWish } from '../../shared/contract/record.ts';
import type { ThreadHandlers } from '../base/thread-call.ts';
import { openForReading } from '../store/database.ts';
import { type BackupMade, type BackupRequest, backupRecord } from './backing-up/backup.ts';
import { type BundleRequest, exportBundle, exportInto, exportPreview } from './export-bundle.ts';
import type { Projection } from './projection.ts';
import { type Rebuilt, rebuildCheck } from './rebuilding/rebuild.ts';
import type { BundleMade, Progress } from './record.ts';
import type { ReaderData } from './reader-data.ts';
import { type Mark, type RangeAnswer, type RangeQuestion, verifyRange } from './verification/range.ts';
import { lateMarks, type Survey, surveyRecord } from './verification/survey.ts';

/** What reading threads answer about proofs: verification, bundles, rebuild, backup. */
export type ProofCalls = {
  survey: [null, never, Survey];
  verifyRange: [RangeQuestion, never, RangeAnswer];
  lateMarks: [{ from: number }, never, Mark[]];
  /** The word index is looked at as far as it reaches. */
  rebuildCheck: [{ indexed: number }, Progress, Rebuilt];
  exportPreview: [PreviewWish, never, ExportPreview];
  backup: [Omit<BackupRequest, 'path'>, Progress, BackupMade];
  exportBundle: [Omit<BundleRequest, 'path'>, Progress, BundleMade];
  exportInto: [Omit<BundleRequest, 'path' | 'bundle'>, Progress, null];
};

export function proofHandlers(
  { path }: ReaderData,
  projections: readonly Projection[],
): ThreadHandlers<ProofCalls> {
  const database = openForReading(path);
  return {
    survey: () => surveyRecord(database),
    verifyRange: (question) => verifyRange(database, question),
    lateMarks: ({ from }) => lateMarks(database, from),
    backup: (request, tell, signal) => backupRecord({ ...request, path }, tell, signal()),
    exportPreview: (range) => exportPreview(database, range),
    exportBundle: (request, tell, signal) => exportBundle({ ...request, path }, tell, signal()),
    exportInto: (request, tell, signal) => exportInto({ ...request, path }, tell, signal()),
    rebuildCheck: (reach, tell) => rebuildCheck(path, projections, reach, tell),
  };
}
