import { useEffect, useState } from 'react';
import type { AgentEntry } from '../../shared/contract/agents.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import { useHouse } from './house.ts';

/** Every agent as its file has it now, while that is wanted; null until the first answer. */
export function useAgents(wanted = true): { list: readonly AgentEntry[] | null; problem: Problem | null } {
  const house = useHouse();
  const [list, setList] = useState<readonly AgentEntry[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const life = new AbortController();
    house
      .followStream((signal) => house.client.agents.watch(undefined, { signal }), setList, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house, wanted]);
  return { list, problem };
}
