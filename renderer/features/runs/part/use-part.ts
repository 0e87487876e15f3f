import { useEffect } from 'react';
import type { Plan } from '../../../../shared/plan.ts';
import type { Run, RunSubtask } from '../../../../shared/run.ts';
import type { Client } from '../../../bridge/client.ts';
import { useHouse } from '../../../bridge/house.ts';
import { useTask } from '../../../bridge/use-task.ts';

export type KnownPart = Omit<Awaited<ReturnType<Client['runs']['subtask']>>, 'subtask'> & {
  /** Of the part. */
  readonly id: string;
};

/** What is told of a part only when it is looked at: its parameters, rights and answer; asked again when it has changed. */
export function usePart(
  run: Run,
  part: RunSubtask,
  { round, waiting }: { round: number | null; waiting: Plan | null },
) {
  const { client } = useHouse();
  const task = useTask((signal) =>
    waiting && round === null
      ? foreseen(client, run, waiting, part)
      : told(client, run.id, part, round, signal),
  );
  const { run: ask } = task;
  const { id } = run;
  useEffect(() => void ask(), [ask, id, part.id, part.state, part.attempt, round, waiting]);
  const known = task.result?.id === part.id ? task.result : null;
  return { known, problem: task.problem };
}

async function told(
  client: Client,
  run: string,
  { id, name }: RunSubtask,
  round: number | null,
  signal: AbortSignal,
): Promise<KnownPart> {
  const question = { run, subtask: name, ...(round === null ? {} : { round }) };
  const { subtask: _subtask, ...known } = await client.runs.subtask(question, { signal });
  return { ...known, id };
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
async function foreseen(client: Client, run: Run, plan: Plan, { id, name }: RunSubtask): Promise<KnownPart> {
  const { parts } = await previewOf(client, run, plan);
  const { rights = [], dropped = [] } = parts.find((part) => part.name === name) ?? {};
  const params = plan.subtasks.find((subtask) => subtask.id === name)?.params ?? {};
  return { id, params, message: '', rights, dropped, answer: null };
}
