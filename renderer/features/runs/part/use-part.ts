import { useEffect } from 'react';
import { useHouse } from '../../../bridge/house.ts';
import { useTask } from '../../../bridge/use-task.ts';
import type { RunSubtask } from '../../../../shared/run.ts';

/** What is told of a part only when it is looked at: its parameters, rights and answer; asked again when it has changed. */
export function usePart(run: string, { name, state, attempt }: RunSubtask) {
  const { client } = useHouse();
  const task = useTask((signal) => client.runs.subtask({ run, subtask: name }, { signal }));
  const { run: ask } = task;
  useEffect(() => void ask(), [ask, run, name, state, attempt]);
  const known = task.result?.subtask.name === name ? task.result : null;
  return { known, problem: task.problem };
}

export type KnownPart = NonNullable<ReturnType<typeof usePart>['known']>;
