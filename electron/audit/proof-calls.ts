import type { ThreadHandlers } from '../base/thread-call.ts';
import { openForReading } from '../store/database.ts';
import type { Projection } from './projection.ts';
import { type Rebuilt, rebuildCheck } from './rebuild.ts';
import type { Progress } from './record.ts';
import type { ReaderData } from './reading.ts';
import { type Mark, type RangeAnswer, type RangeQuestion, verifyRange } from './verification/range.ts';
import { lateMarks, type Survey, surveyRecord } from './verification/survey.ts';

/** What reading threads answer about proofs: verification, bundles, rebuild, backup. */
export type ProofCalls = {
  survey: [null, never, Survey];
  verifyRange: [RangeQuestion, never, RangeAnswer];
  lateMarks: [{ from: number }, never, Mark[]];
  rebuildCheck: [null, Progress, Rebuilt];
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
    rebuildCheck: (_, tell) => rebuildCheck(path, projections, tell),
  };
}
