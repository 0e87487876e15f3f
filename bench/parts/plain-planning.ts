/** Planning and files of runs where a measurement is about neither: every plan is right, and nothing is left. */
import { join } from 'node:path';
import { plainAgent } from '../../electron/agents/plain-agent.ts';
import type { CheckedPart } from '../../electron/planning/checked-plan.ts';
import type { PlanRoom, RunFiles } from '../../electron/runs/run-parts.ts';
import { someRole } from '../../electron/runs/testing/some-plan-room.ts';
import { Problem } from '../../shared/problem.ts';

const agent = plainAgent('worker');
const role = someRole('worker', { scaffold: 'runner' });

const none = (): never => {
  throw new Problem('unavailable', 'This is not measured.');
};

export const plainPlanning: PlanRoom = {
  roles: { usable: () => Promise.resolve(new Map([[role.name, role]])) },
  check: (plan) => ({
    problems: [],
    beyond: [],
    wants: { folders: [], hosts: [] },
    finalOutput: null,
    parts: plan.subtasks.map((subtask): CheckedPart => ({
      name: subtask.id,
      title: subtask.id,
      role,
      dependsOn: subtask.depends_on,
      params: {},
      message: '',
      agents: [agent],
      rights: [],
      folders: [],
      hosts: [],
      dropped: [],
      outputs: [],
      writes: [],
      ttl: undefined,
      tier: 0,
      priority: 128,
      sharesFolders: false,
      budget: null,
      inputsHash: '0'.repeat(64),
    })),
  }),
  fill: none,
  plannerOrder: none,
  readPlan: none,
  classifierOrder: none,
  readMode: none,
  directPlan: none,
  agentPlan: none,
  asRecipe: none,
  recipeAsRecipe: none,
};

export const plainFiles = (data: string): RunFiles => ({
  folderOf: (run) => join(data, 'runs', run),
  make: () => Promise.resolve(),
  output: () => Promise.resolve(null),
  keep: (outputs) => Promise.resolve([...outputs]),
  read: none,
});
