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
    waiting ? foreseen(client, run, waiting, name) : told(client, run.id, name, signal),
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

type Preview = Awaited<ReturnType<Client['runs']['preview']>>;
/** Asked once for all parts of a plan. */
const previews = new WeakMap<Plan, Promise<Preview>>();

function previewOf(client: Client, { ceiling }: Run, plan: Plan): Promise<Preview> {
  const known = previews.get(plan);
  if (known) return known;
  const asked = client.runs.preview({ invocation: { kind: 'plan', plan }, ceiling });
  previews.set(plan, asked);
  asked.catch(() => previews.delete(plan));
  return asked;
}

/** What a part of a plan that waits would be allowed. */
async function foreseen(client: Client, run: Run, plan: Plan, name: string): Promise<KnownPart> {
  const { parts } = await previewOf(client, run, plan);
  const { rights = [], dropped = [] } = parts.find((part) => part.name === name) ?? {};
  const params = plan.subtasks.find(({ id }) => id === name)?.params ?? {};
  return { name, params, message: '', rights, dropped, answer: null };
}
