import type { Verification } from '../../../shared/contract/record.ts';
import { systemClock } from '../../base/clock.ts';
import { Thread } from '../../base/thread-call.ts';
import { openForReading } from '../../store/database.ts';
import type { ReaderCalls } from '../reading.ts';
import { verifyRange } from '../verification/range.ts';
import { lateMarks, surveyRecord } from '../verification/survey.ts';
import { type VerifyingThread, verifyingThread, type VerifyOptions, verifyRecord } from '../verify.ts';
import { threads } from './open-here.ts';

/** The work of a verifying thread without the thread, which takes longer to start than a small record to verify. */
export function here(path: string): VerifyingThread {
  const database = openForReading(path);
  return {
    survey: async () => surveyRecord(database),
    verifyRange: async (question) => verifyRange(database, question),
    lateMarks: async (from) => lateMarks(database, from),
    close: async () => void database.close(),
  };
}

/** Verifies the database at `path`: on real threads where their number is given. */
export async function verifySample(
  path: string,
  options: Partial<Pick<VerifyOptions, 'outside' | 'trusted' | 'threads'>> = {},
): Promise<Verification> {
  const thread = () =>
    options.threads ? verifyingThread(new Thread<ReaderCalls>(threads.reader, { path })) : here(path);
  const told = verifyRecord(
    { outside: [], trusted: [], threads: 1, clock: systemClock, ...options, thread },
    new AbortController().signal,
  );
  for await (const { result } of told) if (result) return result;
  throw new Error('verification ended without a result');
}
