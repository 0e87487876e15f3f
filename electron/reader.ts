/** Entry of a reading thread: whatever may be slow about the record, away from the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { proofHandlers } from './audit/proof-calls.ts';
import { lookupHandlers, type ReaderCalls } from './audit/reading.ts';
import type { ReaderData } from './audit/reader-data.ts';
import { answerCalls } from './base/thread-call.ts';
import { projections } from './projections.ts';
import { storageProblem } from './store/database.ts';

const data = workerData as ReaderData;

answerCalls<ReaderCalls>(
  parentPort!,
  { ...lookupHandlers(data), ...proofHandlers(data, projections) },
  { problemOf: storageProblem },
);
