import type { Agent } from '../../../shared/agent.ts';
import type { Params, Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { CheckedPlan, Ground } from '../../planning/checked-plan.ts';

/** What became of the plan before, for whoever plans again. */
export interface Previous {
  readonly plan: Plan;
  readonly done: readonly {
    readonly name: string;
    readonly outputs: readonly string[];
    readonly answer: string;
  }[];
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
  readonly reason: string;
}

interface Question {
  readonly agent: Agent;
  readonly message: string;
}

interface Saved {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** What runs ask of planning. */
export interface PlanRoom {
  readonly roles: { usable(): Promise<ReadonlyMap<string, Role>> };
  check(plan: Plan, roles: ReadonlyMap<string, Role>, ceiling: Ceiling, ground: Ground): CheckedPlan;
  fill(
    recipe: string,
    params: Params,
  ): Promise<{ readonly problems: readonly { readonly message: string }[]; readonly plan: Plan | null }>;
  plannerOrder(
    goal: string,
    ceiling: Ceiling,
    roles: ReadonlyMap<string, Role>,
    previous: Previous | null,
  ): Promise<Question>;
  readPlan(answer: string): { readonly plan: Plan | null; readonly problems: readonly string[] };
  classifierOrder(goal: string): Promise<Question>;
  readMode(answer: string): 'decompose' | 'direct';
  directPlan(goal: string): Plan;
  /** One part that asks an agent; with the role that stands for it. */
  agentPlan(agent: string, text: string): Promise<{ readonly plan: Plan; readonly role: Role }>;
  asRecipe(plan: Plan, ceiling: Ceiling, saved: Saved): string;
  recipeAsRecipe(recipe: string, params: Params, saved: Saved): Promise<string>;
}
