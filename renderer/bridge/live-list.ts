import { useEffect, useState } from 'react';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Client } from './client.ts';
import { useHouse } from './house.ts';

interface Identified {
  readonly id: string;
}

/** What there is, and then each again that changes. The stream comes first, so that nothing falls in between. */
type Open<One> = (
  client: Client,
  signal: AbortSignal,
) => Promise<{ changes: AsyncIterable<One>; list: readonly One[] }>;

export interface LiveList<One> {
  /** Null until the first answer. The newest first. */
  readonly list: readonly One[] | null;
  readonly problem: Problem | null;
}

/** A list of the house that is kept true. `open` is the same function at each call. */
export function useLiveList<One extends Identified>(open: Open<One>): LiveList<One> {
  const house = useHouse();
  const [list, setList] = useState<readonly One[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    const begin = async (signal: AbortSignal) => {
      const opened = await open(house.client, signal);
      setList(opened.list);
      return opened.changes;
    };
    const each = (changed: One) => setList((before) => withChanged(before ?? [], changed));
    house
      .followStream(begin, each, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house, open]);
  return { list, problem };
}

function withChanged<One extends Identified>(before: readonly One[], changed: One): readonly One[] {
  const at = before.findIndex(({ id }) => id === changed.id);
  if (at >= 0) return before.with(at, changed);
  return [changed, ...before].toSorted((a, b) => (a.id < b.id ? 1 : -1));
}
