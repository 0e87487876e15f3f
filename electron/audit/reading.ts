import type { EventPage } from '../../shared/contract/record.ts';
import type { ThreadHandlers } from '../base/thread-call.ts';
import { openForReading } from '../store/database.ts';
import { type BlobQuestion, type BlobsFound, searchBlobs } from './looking/blob-search.ts';
import { type BlobPiece, lookUp, readBlob } from './looking/lookup.ts';
import type { ProofCalls } from './proof-calls.ts';
import type { ReaderData } from './reader-data.ts';
import { type Question, queryEvents } from './query.ts';

export type LookupCalls = {
  query: [Question, never, EventPage];
  get: [string, never, ReturnType<typeof lookUp>];
  blob: [{ seq: number; index: number; offset: number }, never, BlobPiece];
  searchBlobs: [BlobQuestion, never, BlobsFound];
};

/** Everything a reading thread answers. */
export type ReaderCalls = ProofCalls & LookupCalls;

export function lookupHandlers({ path }: ReaderData): ThreadHandlers<LookupCalls> {
  const database = openForReading(path);
  return {
    query: (question) => queryEvents(database, question),
    get: (event) => lookUp(database, event),
    blob: ({ seq, index, offset }) => readBlob(database, seq, index, offset),
    searchBlobs: (question) => searchBlobs(database, question),
  };
}
