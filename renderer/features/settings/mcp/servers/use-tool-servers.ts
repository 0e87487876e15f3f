import { useCallback, useEffect, useState } from 'react';
import { problemOf } from '../../../../../shared/contract/problems.ts';
import type { Problem } from '../../../../../shared/problem.ts';
import type { ToolServerPage, ToolServerRow } from '../../../../../shared/tool-server.ts';
import { useHouse } from '../../../../bridge/house.ts';

/** Every server of tools, live; null until the first answer. */
export function useToolServers(): { list: readonly ToolServerRow[] | null; problem: Problem | null } {
  const house = useHouse();
  const [list, setList] = useState<readonly ToolServerRow[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    house
      .followStream((signal) => house.client.toolServers.watch(undefined, { signal }), setList, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house]);
  return { list, problem };
}

export interface ShownServer {
  readonly page: ToolServerPage | null;
  readonly problem: Problem | null;
  /** What an answer said of it is taken up at once. */
  readonly take: (page: ToolServerPage) => void;
  readonly again: () => void;
}

/** One server with everything about it; asked again whenever its line in the list changes. */
export function useToolServer(name: string): ShownServer {
  const { client } = useHouse();
  const { list, problem: lost } = useToolServers();
  const [page, setPage] = useState<ToolServerPage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [epoch, setEpoch] = useState(0);
  const line = list && JSON.stringify(list.find((row) => row.name === name) ?? null);
  useEffect(() => {
    if (line === null) return;
    const life = new AbortController();
    client.toolServers.get({ server: name }, { signal: life.signal }).then(
      (found) => {
        if (life.signal.aborted) return;
        setPage(found);
        setProblem(null);
      },
      (thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)),
    );
    return () => life.abort();
  }, [client, name, line, epoch]);
  return {
    page,
    problem: problem ?? lost,
    take: setPage,
    again: useCallback(() => setEpoch((n) => n + 1), []),
  };
}
