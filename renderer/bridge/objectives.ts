import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Objective } from '../../shared/objective.ts';
import type { Problem } from '../../shared/problem.ts';
import { go } from '../ui/place.ts';
import type { Client } from './client.ts';
import { useHouse } from './house.ts';

/** All objectives, live; null until the first answer. Where there is none, nobody builds anything for this. */
export function useObjectives(): { list: readonly Objective[] | null; problem: Problem | null } {
  const house = useHouse();
  const [list, setList] = useState<readonly Objective[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    house
      .followStream((signal) => house.client.objectives.watch(undefined, { signal }), setList, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [house]);
  return { list, problem };
}

/** What an objective is to begin, as it is asked for. */
export type WantedWork = Parameters<Client['objectives']['save']>[0]['work'];

/** An objective is small: it is kept whole on the record. */
export const mostScheduledBytes = 250_000;

/** What somebody on another screen wants to give a schedule; null: nothing. */
export const useScheduling = create<{ wanted: WantedWork | null }>(() => ({ wanted: null }));

export function scheduleThis(wanted: WantedWork): void {
  useScheduling.setState({ wanted });
  go('objectives', { do: 'new' });
}
