import type { Agent } from '../../../shared/agent.ts';
import type { RoleEntry } from '../../../shared/contract/planning.ts';
import type { Params, Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { CheckedPlan, Ground } from '../../planning/checked-plan.ts';

type Awaitable<T> = T | Promise<T>;

/** What the plan before became of, for whoever plans again. */
export interface Previous {
  readonly plan: Plan;
  readonly done: readonly { readonly name: string; readonly outputs: readonly string[] }[];
  readonly reason: string;
}

/** What runs ask of planning. */
export interface PlanRoom {
  roles(): Promise<readonly RoleEntry[]>;
  check(
    plan: Plan,
    roles: ReadonlyMap<string, Role>,
    ceiling: Ceiling,
    ground: Ground,
  ): Awaitable<CheckedPlan>;
  fill(
    recipe: string,
    params: Params,
  ): Promise<{
    problems: readonly { readonly parameter: string | null; readonly message: string }[];
    plan: Plan | null;
  }>;
  plannerOrder(
    goal: string,
    ceiling: Ceiling,
    roles: ReadonlyMap<string, Role>,
    previous: Previous | null,
  ): Awaitable<{ agent: Agent; message: string }>;
  readPlan(answer: string): { plan: Plan | null; problems: readonly string[] };
  classifierOrder(goal: string): Awaitable<{ agent: Agent; message: string }>;
  readMode(answer: string): 'decompose' | 'direct';
  directPlan(goal: string, ceiling: Ceiling): Awaitable<Plan>;
  /** One part that asks an agent; with the role that stands for it. */
  agentPlan(agent: string, text: string): Awaitable<{ plan: Plan; role: Role }>;
  asRecipe(given: {
    name: string;
    title: string;
    plan: Plan;
    params: Params;
    ceiling: Ceiling;
    runFolder: string;
  }): Awaitable<string>;
}
