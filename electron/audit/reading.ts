import type { ProofCalls } from './proof-calls.ts';

/** What a reading thread needs to begin. */
export interface ReaderData {
  path: string;
}

/** Everything a reading thread answers. */
export type ReaderCalls = ProofCalls;
