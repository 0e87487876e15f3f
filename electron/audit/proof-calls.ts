import type { ExportPreview } from '../../shared/contract/record.ts';
import { Problem } from '../../shared/problem.ts';
import type { ThreadHandlers } from '../base/thread-call.ts';
import type { ReaderData } from './reading.ts';
import type { Projection } from './projection.ts';

/** What reading threads answer about proofs: verification, bundles, rebuild, backup. */
export type ProofCalls = {
  exportPreview: [{ from: number; to: number }, never, ExportPreview];
};

export function proofHandlers(
  data: ReaderData,
  projections: readonly Projection[],
): ThreadHandlers<ProofCalls> {
  return {
    exportPreview: () => {
      throw new Problem('unavailable', `${data.path} ${projections.length}`);
    },
  };
}
