import { useEffect, useState } from 'react';
import type { AgentSession } from '../../shared/agent-session.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import { useHouse } from './house.ts';

const most = 200;

/** Every session with an agent, live, the newest first; null until the first answer. */
export function useAgentSessions(): { list: readonly AgentSession[] | null; problem: Problem | null } {
  const house = useHouse();
  const [list, setList] = useState<readonly AgentSession[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    const open = async (signal: AbortSignal) => {
      const changes = await house.client.agentSessions.watch(undefined, { signal });
      setList(await house.client.agentSessions.list({ most }, { signal }));
      return changes;
    };
    const each = (changed: AgentSession) =>
      setList((before) => {
        const rest = (before ?? []).filter(({ id }) => id !== changed.id);
        return [...rest, changed].toSorted((a, b) => (a.id < b.id ? 1 : -1));
      });
    house
      .followStream(open, each, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house]);
  return { list, problem };
}
