import type { Agent } from '../../../shared/agent.ts';
import { actorSchema, type Actor } from '../../../shared/events/event.ts';
import {
  type Objective,
  objectiveTimeSchema,
  type ObjectiveTime,
  type ObjectiveWork,
  objectiveWorkSchema,
} from '../../../shared/objective.ts';
import {
  type ObjectivePolicy,
  objectivePolicySchema,
  type Timing,
  timingSchema,
} from '../../../shared/schedule.ts';
import { wordsOf } from '../../../shared/objective-words.ts';
import { runWishSchema } from '../../../shared/run.ts';
import type { AgentSchedule } from '../../../shared/schedule.ts';
import { workWishSchema } from '../../../shared/work.ts';
import type { Cell } from '../../audit/projection.ts';

/** An objective as it stands, from the record or from an agent’s file. */
export interface Standing {
  readonly name: string;
  readonly agent: string | null;
  readonly timing: Timing;
  readonly policy: ObjectivePolicy;
  readonly work: ObjectiveWork;
  readonly words: string;
  readonly by: Actor | null;
  /** Since when it counts; null: since this life began. */
  readonly since: Date | null;
}

type Cells = Readonly<Record<string, Cell>>;

export function standingOf({ name, saved, made_by, since }: Cells): Standing {
  const { timing, policy, work, words } = JSON.parse(String(saved)) as Record<string, unknown>;
  return {
    name: String(name),
    agent: null,
    timing: timingSchema.parse(timing),
    policy: objectivePolicySchema.parse(policy),
    work: objectiveWorkSchema.parse(work),
    words: String(words),
    by: actorSchema.parse(JSON.parse(String(made_by))),
    since: new Date(String(since)),
  };
}

/** What an agent that is asked for nothing in particular is told. */
const itsTime = 'It is time: do what your instructions say.';

/** The objective that an agent’s own file declares; null: it declares none. */
export function standingAgent({ name, schedule, command }: Agent): Standing | null {
  if (!schedule) return null;
  const work = command ? commandWork(name, schedule) : askedWork(name, schedule);
  const { timing, policy } = schedule;
  const words = wordsOf(work);
  return { name: `agent:${name}`, agent: name, timing, policy, work, words, by: null, since: null };
}

function commandWork(agent: string, { task, workUnit }: AgentSchedule): ObjectiveWork {
  const unit = workUnit === null ? null : { kind: 'work_unit', id: workUnit };
  const input = unit ?? (task === null ? null : { kind: 'request', text: task });
  return { kind: 'agent', wish: workWishSchema.parse({ agent, input }) };
}

function askedWork(agent: string, { task, unattended }: AgentSchedule): ObjectiveWork {
  const invocation = { kind: 'agent', agent, text: task ?? itsTime };
  return { kind: 'run', wish: runWishSchema.parse({ invocation, ceiling: { unattended } }) };
}

export function timeOf(cells: Cells): ObjectiveTime {
  const { due, what, reason, thing, ended, outcome, ok } = cells;
  return objectiveTimeSchema.parse({
    due,
    what,
    reason,
    thing,
    ended,
    outcome,
    ok: ok === null ? null : ok === 1,
  });
}

export type Shown = Omit<Objective, keyof Standing>;
