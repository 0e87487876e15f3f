import { useEffect, useState } from 'react';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Session } from '../../shared/session.ts';
import { useHouse } from './house.ts';

const most = 200;

export interface Sessions {
  /** Null until the first answer. The newest first. */
  readonly list: readonly Session[] | null;
  readonly problem: Problem | null;
}

/** Every session, live. */
export function useSessions(): Sessions {
  const house = useHouse();
  const [list, setList] = useState<readonly Session[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    const open = async (signal: AbortSignal) => {
      // The stream is opened first, so that what changes while the list is fetched is in it.
      const changes = await house.client.sessions.watch(undefined, { signal });
      setList(await house.client.sessions.list({ most }, { signal }));
      return changes;
    };
    const each = (changed: Session) => setList((before) => withChanged(before ?? [], changed));
    house
      .followStream(open, each, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house]);
  return { list, problem };
}

function withChanged(before: readonly Session[], changed: Session): readonly Session[] {
  const at = before.findIndex(({ id }) => id === changed.id);
  if (at >= 0) return before.with(at, changed);
  return [changed, ...before].toSorted((a, b) => (a.id < b.id ? 1 : -1));
}
