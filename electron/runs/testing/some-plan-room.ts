import { plainAgent } from '../../agents/plain-agent.ts';
import type { Params, Plan } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import type { CheckedPart } from '../../planning/checked-plan.ts';
import type { PlanRoom } from '../run-parts.ts';

export function someRole(name: string, more: Partial<Role> = {}): Role {
  return {
    name,
    description: '',
    models: [],
    parameters: {},
    capabilities: [],
    systemPrompt: '',
    messageTemplate: '',
    budget: { inputTokens: null, outputTokens: null, micros: null },
    retry: { attempts: 1, on: ['any'] },
    priority: 128,
    escalateOn: ['replan_retry', 'max_tokens', 'tool_repeat_guard'],
    scaffold: null,
    iterations: 1,
    nudges: 0,
    requireDeclaredOutput: false,
    agent: null,
    outputs: [],
    command: [],
    sandbox: { kind: null, image: null, limits: null },
    ...more,
  };
}

const texts = (value: Params[string] | undefined): string[] =>
  Array.isArray(value) ? value.map(String) : [];

/** Stands for planning where a test is about what becomes of plans: what a part needs stands in its parameters. */
export function somePlanRoom(roles: readonly Role[], more: Partial<PlanRoom> = {}): PlanRoom {
  const agent = plainAgent('worker');
  const check = (
    plan: Plan,
    known: ReadonlyMap<string, Role>,
    _ceiling: unknown,
    ground: { runFolder: string },
  ) => {
    const unknown = plan.subtasks.filter(({ role }) => !known.has(role));
    const parts = plan.subtasks.map((subtask): CheckedPart => ({
      name: subtask.id,
      title: subtask.title ?? subtask.id,
      role: known.get(subtask.role) ?? someRole(subtask.role),
      dependsOn: subtask.depends_on,
      params: subtask.params,
      message: typeof subtask.params['say'] === 'string' ? subtask.params['say'] : subtask.id,
      agents: [agent],
      rights: [{ kind: 'file_write', path: `${ground.runFolder}/*` }],
      folders: [
        ...texts(subtask.params['reviews']).map((path) => ({ path, mode: 'review' as const })),
        ...texts(subtask.params['reads']).map((path) => ({ path, mode: 'ro' as const })),
      ],
      hosts: [],
      dropped: [],
      outputs: texts(subtask.params['outputs']).map((name) =>
        name.startsWith('/') ? name : `${ground.runFolder}/${name}`,
      ),
      writes: texts(subtask.params['writes']),
      ttl: subtask.ttl,
      tier: subtask.current_model_tier,
      priority: subtask.priority ?? 128,
      sharesFolders: subtask.shares_folders ?? false,
      budget: null,
      inputsHash: JSON.stringify([subtask.role, subtask.params]),
    }));
    const problems = unknown.map(({ id, role }) => `“${id}”: there is no role “${role}”.`);
    const beyond = plan.subtasks.flatMap(({ params }) => texts(params['beyond']));
    return {
      problems,
      beyond,
      wants: { folders: [], hosts: beyond },
      parts: problems.length > 0 ? [] : parts,
      finalOutput: plan.final_output === '' ? null : plan.final_output.replace('{run}', ground.runFolder),
    };
  };
  return {
    roles: { usable: () => Promise.resolve(new Map(roles.map((role) => [role.name, role]))) },
    check,
    fill: async () => ({ problems: [{ parameter: null, message: 'There is no such recipe.' }], plan: null }),
    plannerOrder: async (goal, _ceiling, _roles, previous) => ({
      agent: plainAgent('planner'),
      message: previous ? `${goal}\n${previous.reason}` : goal,
    }),
    readPlan: (answer) => {
      try {
        return { plan: JSON.parse(answer) as Plan, problems: [] };
      } catch {
        return { plan: null, problems: ['It is no JSON.'] };
      }
    },
    classifierOrder: async (goal) => ({ agent: plainAgent('classifier'), message: goal }),
    readMode: (answer) => (answer === 'decompose' ? 'decompose' : 'direct'),
    directPlan: (goal) => ({ subtasks: [part('work', [], { params: { say: goal } })], final_output: '' }),
    agentPlan: async (name, text) => ({
      plan: { subtasks: [part('ask', [], { role: name, params: { say: text } })], final_output: '' },
      role: someRole(name),
    }),
    asRecipe: (_plan, _ceiling, { name }) => `name: ${name}\n`,
    recipeAsRecipe: async (_recipe, _params, { name }) => `name: ${name}\n`,
    ...more,
  };
}

/** One part of a plan. */
export function part(
  id: string,
  dependsOn: string[] = [],
  more: Partial<Plan['subtasks'][number]> = {},
): Plan['subtasks'][number] {
  return { id, role: 'worker', params: {}, depends_on: dependsOn, current_model_tier: 0, ...more };
}
