import type { Agent } from '../../shared/agent.ts';
import type { Params, Plan } from '../../shared/plan.ts';
import type { Role } from '../../shared/role.ts';
import type { Ceiling } from '../../shared/run.ts';
import type { Agents } from '../agents/agents.ts';
import { refuseCommandAgent } from '../agents/only-run.ts';
import type { KnownModels } from '../models/known-models.ts';
import type { NamedImage } from '../sessions/preset-images.ts';
import type { CheckedPlan, Ground } from './checked-plan.ts';
import { checkPlan } from './checking/check-plan.ts';
import { namedImages } from './named-images.ts';
import { directPlan, titleOf } from './planner/direct-plan.ts';
import { type PreviousPlan, plannerMessage } from './planner/planner-message.ts';
import { planOf, readPlan, type ReadPlan } from './planner/read-plan.ts';
import { RecipeFiles } from './recipe-files.ts';
import { planAsRecipe, recipeAsRecipe, type Saved } from './recipes/as-recipe.ts';
import { type FilledRecipe, fillRecipe } from './recipes/fill-recipe.ts';
import { withRealFolders } from './recipes/real-folders.ts';
import { type FilePlaces, RoleFiles } from './role-files.ts';
import { roleOfAgent } from './roles/role-of-agent.ts';
import { wordsAsWritten } from './values/places.ts';

export interface PlanningNeeds {
  readonly roles: FilePlaces;
  readonly recipes: FilePlaces;
  readonly agents: Pick<Agents, 'list' | 'get'>;
  readonly models: () => Promise<Pick<KnownModels, 'refOf'>>;
}

/** What an agent without tools is asked. */
export interface Question {
  readonly agent: Agent;
  readonly message: string;
}

/** What is done by which part, and what each of them may do: roles, recipes, planner, and the check of every plan. */
export class Planning {
  readonly roles: RoleFiles;
  readonly recipes: RecipeFiles;
  readonly #agents: PlanningNeeds['agents'];

  constructor({ roles, recipes, agents, models }: PlanningNeeds) {
    this.roles = new RoleFiles({ places: roles, agents, models });
    this.recipes = new RecipeFiles(recipes, this.roles);
    this.#agents = agents;
  }

  check(plan: Plan, roles: ReadonlyMap<string, Role>, ceiling: Ceiling, ground: Ground): CheckedPlan {
    return checkPlan(plan, roles, ceiling, ground);
  }

  async fill(recipe: string, params: Params): Promise<FilledRecipe> {
    const file = await this.recipes.get(recipe);
    const real = await withRealFolders(file, params);
    const filled = fillRecipe(file, real.params);
    if (real.problems.length === 0) return filled;
    return { problems: [...filled.problems, ...real.problems], plan: null, asks: null };
  }

  async plannerOrder(
    goal: string,
    ceiling: Ceiling,
    roles: ReadonlyMap<string, Role>,
    previous: PreviousPlan | null,
  ): Promise<Question> {
    return {
      agent: await this.#toolless('planner'),
      message: plannerMessage(goal, ceiling, roles, previous),
    };
  }

  readPlan(answer: string): ReadPlan {
    return readPlan(answer);
  }

  /** A plan as a file says it, in JSON that was read already. */
  planOf(value: unknown): ReadPlan {
    return planOf(value);
  }

  async classifierOrder(goal: string): Promise<Question> {
    return { agent: await this.#toolless('classifier'), message: goal };
  }

  /** Whatever is no clear answer is “direct”: it needs no planner to be right. */
  readMode(answer: string): 'decompose' | 'direct' {
    return /^\W*decompose\W*$/i.test(answer.trim()) ? 'decompose' : 'direct';
  }

  /** One part of a role with a `task` that does the whole goal. */
  directPlan(goal: string, role = 'generalist'): Plan {
    return directPlan(goal, role);
  }

  /** An agent at one task, as a plan of one part and the role that it is then. */
  async agentPlan(name: string, text: string): Promise<{ plan: Plan; role: Role }> {
    const agent = await this.#agents.get(name);
    refuseCommandAgent(agent);
    const role = roleOfAgent(agent);
    const task = wordsAsWritten(text);
    const subtasks = [
      {
        id: 'work',
        role: name,
        title: titleOf(text),
        params: { task },
        depends_on: [],
        current_model_tier: 0,
      },
    ];
    return { plan: { subtasks, final_output: '' }, role };
  }

  /** Images that roles and recipes name: those stay, whatever else goes. */
  namedImages(): Promise<NamedImage[]> {
    return namedImages(this.roles, this.recipes);
  }

  /** The text of a recipe that does what a plan did. */
  asRecipe(plan: Plan, ceiling: Ceiling, saved: Saved): string {
    return planAsRecipe(plan, ceiling, saved);
  }

  /** The same of a run that was of a recipe: it stays that, with the values that it had. */
  async recipeAsRecipe(recipe: string, params: Params, saved: Saved): Promise<string> {
    return recipeAsRecipe(await this.recipes.get(recipe), params, saved);
  }

  async #toolless(name: string): Promise<Agent> {
    const agent = await this.#agents.get(name);
    refuseCommandAgent(agent);
    return { ...agent, capabilities: [], ask: [], network: [], folders: [], skills: [], outputTool: null };
  }
}
