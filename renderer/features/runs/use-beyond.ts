import { useEffect } from 'react';
import type { Run } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { useTask } from '../../bridge/use-task.ts';

/** What a plan that waits asks for beyond what was granted, as its question on the record says it. */
export function useBeyond(run: Run): readonly string[] {
  const { client } = useHouse();
  const { run: ask, result } = useTask(async (signal) => {
    const filter = { run: run.id, kinds: ['plan.asked'] };
    const { events } = await client.record.query({ filter, limit: 1 }, { signal });
    const data = events[0]?.data as { beyond?: unknown } | null | undefined;
    return Array.isArray(data?.beyond) ? data.beyond.filter((words) => typeof words === 'string') : [];
  });
  useEffect(() => void ask(), [ask, run.id, run.rounds]);
  return result ?? [];
}
