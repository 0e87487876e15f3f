import { useEffect, useMemo } from 'react';
import type { Plan, Subtask } from '../../../shared/plan.ts';
import type { Run, RunSubtask } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { useTask } from '../../bridge/use-task.ts';

export interface WaitingPlan {
  readonly plan: Plan;
  readonly parts: readonly RunSubtask[];
}

/** The plan that a run puts before the person, with its parts as they would be; null where none waits. */
export function useWaitingPlan(run: Run | null): WaitingPlan | null {
  const { client } = useHouse();
  const id = run?.state === 'asking' ? run.id : null;
  const { run: ask, result } = useTask(async (signal, of: string) =>
    client.runs.plan({ run: of }, { signal }),
  );
  useEffect(() => {
    if (id !== null) void ask(id);
  }, [ask, id]);
  return useMemo(() => {
    if (id === null || !result?.plan) return null;
    return { plan: result.plan, parts: result.plan.subtasks.map(partOf) };
  }, [id, result]);
}

/** A part that has not begun to be anything. */
function partOf({ id, title, role, depends_on: dependsOn }: Subtask): RunSubtask {
  return {
    id: `sub_${id}`,
    name: id,
    title: title ?? id,
    role,
    dependsOn,
    state: 'waiting',
    kept: false,
    attempt: 0,
    tier: 0,
    round: 0,
    model: null,
    session: null,
    started: null,
    ended: null,
    outcome: null,
    outputs: [],
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    cost: null,
  };
}
