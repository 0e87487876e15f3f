import type { Session } from '../../shared/session.ts';
import type { Client } from './client.ts';
import { type LiveList, useLiveList } from './live-list.ts';

const most = 200;

const open = async (client: Client, signal: AbortSignal) => ({
  changes: await client.sessions.watch(undefined, { signal }),
  list: await client.sessions.list({ most }, { signal }),
});

/** Every session of commands and terminals, live. */
export const useSessions = (): LiveList<Session> => useLiveList(open);
