import type { Run } from '../../shared/run.ts';
import type { Client } from './client.ts';
import { type LiveList, useLiveList } from './live-list.ts';

const most = 200;

const open = async (client: Client, signal: AbortSignal) => ({
  changes: await client.runs.watch(undefined, { signal }),
  list: await client.runs.list({ most }, { signal }),
});

/** Every run that is not finished and the latest that are, live. */
export const useRuns = (): LiveList<Run> => useLiveList(open);
