import { useEffect } from 'react';
import type { Plan } from '../../../../shared/plan.ts';
import type { Run, RunSubtask } from '../../../../shared/run.ts';
import type { Client } from '../../../bridge/client.ts';
import { useHouse } from '../../../bridge/house.ts';
import { useTask } from '../../../bridge/use-task.ts';

export type KnownPart = Omit<Awaited<ReturnType<Client['runs']['subtask']>>, 'subtask'> & {
  readonly name: string;
};

/** What is told of a part only when it is looked at: its parameters, rights and answer; asked again when it has changed. */
export function usePart(run: Run, { name, state, attempt }: RunSubtask, waiting: Plan | null) {
  const { client } = useHouse();
  const task = useTask((signal) =>
    waiting ? foreseen(client, run, waiting, name, signal) : told(client, run.id, name, signal),
  );
  const { run: ask } = task;
  const { id } = run;
  useEffect(() => void ask(), [ask, id, name, state, attempt, waiting]);
  const known = task.result?.name === name ? task.result : null;
  return { known, problem: task.problem };
}

async function told(client: Client, run: string, name: string, signal: AbortSignal): Promise<KnownPart> {
  const { subtask: _subtask, ...known } = await client.runs.subtask({ run, subtask: name }, { signal });
  return { ...known, name };
}

/** What a part of a plan that waits would be allowed. */
async function foreseen(
  client: Client,
  { ceiling }: Run,
  plan: Plan,
  name: string,
  signal: AbortSignal,
): Promise<KnownPart> {
  const wish = { invocation: { kind: 'plan' as const, plan }, ceiling };
  const { parts } = await client.runs.preview(wish, { signal });
  const { rights = [], dropped = [] } = parts.find((part) => part.name === name) ?? {};
  const params = plan.subtasks.find(({ id }) => id === name)?.params ?? {};
  return { name, params, message: '', rights, dropped, answer: null };
}
