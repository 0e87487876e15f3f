import type { AgentSession } from '../../shared/agent-session.ts';
import type { Client } from './client.ts';
import { type LiveList, useLiveList } from './live-list.ts';

const most = 200;

const open = async (client: Client, signal: AbortSignal) => ({
  changes: await client.agentSessions.watch(undefined, { signal }),
  list: await client.agentSessions.list({ most }, { signal }),
});

/** Every session with an agent, live. */
export const useAgentSessions = (): LiveList<AgentSession> => useLiveList(open);
