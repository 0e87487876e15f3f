import { useEffect, useState } from 'react';
import { problemOf } from '../../shared/contract/problems.ts';
import type { McpServing } from '../../shared/mcp.ts';
import type { Problem } from '../../shared/problem.ts';
import { useHouse } from './house.ts';

/** Whether Holdfast listens for programs that speak MCP, live while that is wanted; null until the first answer. */
export function useMcpServing(wanted = true): {
  serving: McpServing | null;
  problem: Problem | null;
  /** What an answer said of it is taken up at once. */
  take: (serving: McpServing) => void;
} {
  const house = useHouse();
  const [serving, setServing] = useState<McpServing | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    setServing(null);
    if (!wanted) return;
    const life = new AbortController();
    house
      .followStream((signal) => house.client.mcp.watch(undefined, { signal }), setServing, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house, wanted]);
  return { serving, problem, take: setServing };
}
