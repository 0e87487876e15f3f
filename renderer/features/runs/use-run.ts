import { useEffect, useState } from 'react';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { RunNews } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { type KnownRun, unknownRun, withRunNews } from './run-store.ts';

export interface LiveRun extends KnownRun {
  readonly problem: Problem | null;
}

/** One run and its parts, live; what arrives within a frame is shown at once. */
export function useRun(id: string): LiveRun {
  const house = useHouse();
  const [known, setKnown] = useState<KnownRun>(unknownRun);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    let waiting: RunNews[] = [];
    let due: ReturnType<typeof setTimeout> | null = null;
    const flush = () => {
      due = null;
      const news = waiting;
      waiting = [];
      setKnown((before) => withRunNews(before, news));
    };
    const hear = (news: RunNews) => {
      waiting.push(news);
      due ??= setTimeout(flush, 30);
    };
    house
      .followStream((signal) => house.client.runs.follow({ run: id }, { signal }), hear, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => {
      life.abort();
      if (due !== null) clearTimeout(due);
    };
  }, [house, id]);
  return { ...known, problem };
}
