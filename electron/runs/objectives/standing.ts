import type { Agent } from '../../../shared/agent.ts';
import { actorSchema, type Actor } from '../../../shared/events/event.ts';
import {
  type Objective,
  type ObjectivePolicy,
  objectivePolicySchema,
  objectiveTimeSchema,
  type ObjectiveTime,
  type ObjectiveWork,
  objectiveWorkSchema,
  type Timing,
  timingSchema,
} from '../../../shared/objective.ts';
import { wordsOf } from '../../../shared/objective-words.ts';
import { runWishSchema } from '../../../shared/run.ts';
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
export function standingAgent(agent: Agent): Standing | null {
  const [, cron] = /^scheduled\((.+)\)$/s.exec(agent.lifecycle) ?? [];
  if (cron === undefined) return null;
  const { name } = agent;
  const work: ObjectiveWork = agent.command
    ? { kind: 'agent', wish: workWishSchema.parse({ agent: name }) }
    : {
        kind: 'run',
        wish: runWishSchema.parse({ invocation: { kind: 'agent', agent: name, text: itsTime } }),
      };
  return {
    name: `agent:${name}`,
    agent: name,
    timing: { cron, zone: null },
    policy: objectivePolicySchema.parse({}),
    work,
    words: wordsOf(work),
    by: null,
    since: null,
  };
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
