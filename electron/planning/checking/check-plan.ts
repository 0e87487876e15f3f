import { createHash } from 'node:crypto';
import type { Plan, Subtask } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling } from '../../../shared/run.ts';
import { refuseNever } from '../../approvals/never-level.ts';
import { covers } from '../../capabilities/covering.ts';
import type { CheckedPart, CheckedPlan, Ground } from '../checked-plan.ts';
import { wrongPath } from '../values/parameters.ts';
import { type Places, textWithPlaces } from '../values/places.ts';
import { type CeilingRights, rightsOfCeiling } from './ceiling.ts';
import { Ancestry, inOrder } from './graph.ts';
import { hashOf } from './inputs-hash.ts';
import { type PartGround, readyPart } from './ready-part.ts';
import { type RoleTemplates, templatesOf } from './role-templates.ts';
import { Wants } from './wants.ts';

/** More than anybody, or any planner, mends at once. */
const mostProblems = 200;

/** All that is wrong with a plan at once; with nothing wrong, its parts with every right narrowed. */
export function checkPlan(
  plan: Plan,
  roles: ReadonlyMap<string, Role>,
  ceiling: Ceiling,
  { runFolder }: Ground,
): CheckedPlan {
  const problems: string[] = [];
  const wants = new Wants();
  const { order, problems: disordered } = inOrder(plan.subtasks);
  problems.push(...disordered);
  for (const { id, role } of plan.subtasks) {
    if (roles.has(role)) continue;
    problems.push(
      `“${id}” is of the role “${role}”, which there is not. There are ${[...roles.keys()].join(', ')}.`,
    );
  }
  const rights = attempt(problems, () => rightsOfCeiling(ceiling, runFolder));
  if (problems.length > 0 || !rights) return refused(problems);
  const walk = new Walk(plan, roles, { ceiling, rights, runFolder, wants }, problems);
  for (const part of order) walk.take(part);
  const finalOutput = walk.finalOutput();
  if (problems.length > 0) return refused(problems);
  const parts = plan.subtasks.map(({ id }) => walk.done.get(id)!);
  return { problems: [], beyond: wants.words(), wants: wants.asCeiling(), parts, finalOutput };
}

function refused(problems: readonly string[]): CheckedPlan {
  const more = problems.length - mostProblems;
  const told = more > 0 ? [...problems.slice(0, mostProblems), `And ${more} more.`] : problems;
  return { problems: told, beyond: [], wants: { folders: [], hosts: [] }, parts: [], finalOutput: null };
}

function attempt<T>(problems: string[], give: () => T): T | null {
  try {
    return give();
  } catch (thrown) {
    problems.push(Problem.of(thrown).message);
    return null;
  }
}

interface WalkGround {
  readonly ceiling: Ceiling;
  readonly rights: CeilingRights;
  readonly runFolder: string;
  readonly wants: Wants;
}

/** Goes through the parts, parents first, since what they leave is what others are given. */
class Walk {
  readonly done = new Map<string, CheckedPart>();
  readonly #plan: Plan;
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #byName: ReadonlyMap<string, Subtask>;
  readonly #ancestry: Ancestry;
  readonly #ground: WalkGround;
  readonly #problems: string[];
  readonly #workspace: string;
  readonly #roleHashes = new Map<string, string>();
  readonly #templates = new Map<string, RoleTemplates>();

  constructor(plan: Plan, roles: ReadonlyMap<string, Role>, ground: WalkGround, problems: string[]) {
    this.#plan = plan;
    this.#roles = roles;
    this.#byName = new Map(plan.subtasks.map((part) => [part.id, part]));
    this.#ancestry = new Ancestry(this.#byName);
    this.#ground = ground;
    this.#problems = problems;
    this.#workspace = ground.ceiling.folders[0]?.path ?? ground.runFolder;
  }

  take(part: Subtask): void {
    const role = this.#roles.get(part.role)!;
    const told = (message: string) => void this.#problems.push(`“${part.id}”: ${message}`);
    const { rights, runFolder, ceiling, wants } = this.#ground;
    const places = this.#placesOf(part);
    const templates = this.#templatesOf(role);
    const ground: PartGround = {
      rights,
      runFolder,
      ceiling,
      places,
      templates,
      workspace: this.#workspace,
    };
    const ready = readyPart(part, role, ground, told);
    wants.add(part.id, ready.wanted);
    if (ceiling.approvals === 'never') neverTold(ready.part, told);
    this.done.set(part.id, { ...ready.part, inputsHash: this.#hash(part, role) });
  }

  /** The file that is the result; one that nobody may write is a mistake. */
  finalOutput(): string | null {
    const written = this.#plan.final_output.trim();
    if (written === '' || this.#problems.length > 0) return null;
    const told = (message: string) => void this.#problems.push(`final_output: ${message}`);
    const path = textWithPlaces(
      written,
      this.#places((name) => this.#outputOf(name)),
      told,
    );
    const wrong = wrongPath(path);
    if (wrong !== null) told(`it ${wrong}`);
    else if (![...this.done.values()].some((part) => mayLeave(part, path))) {
      told(`no part may write ${path}.`);
    }
    return path;
  }

  #templatesOf(role: Role): RoleTemplates {
    const known = this.#templates.get(role.name);
    if (known) return known;
    const templates = templatesOf(role, this.#ground.rights);
    this.#templates.set(role.name, templates);
    return templates;
  }

  #placesOf(part: Subtask): Places {
    const parents = new Set(part.depends_on);
    return this.#places((name) => {
      if (!this.#byName.has(name)) return { problem: `{input.${name}} names no part.` };
      const before = parents.has(name) || this.#ancestry.isBefore(name, part.id);
      if (before !== true) {
        const not = before === null ? 'is too far away to be told from others' : 'it does not depend on';
        return { problem: `{input.${name}} names a part that ${not}. Add it to depends_on.` };
      }
      return this.#outputOf(name);
    });
  }

  #places(input: Places['input']): Places {
    return { run: this.#ground.runFolder, workspace: this.#workspace, input };
  }

  #outputOf(name: string): ReturnType<Places['input']> {
    const [path] = this.done.get(name)?.outputs ?? [];
    return path === undefined
      ? { problem: `{input.${name}}: “${name}” declares no file that it leaves.` }
      : { path };
  }

  #hash(part: Subtask, role: Role): string {
    let ofRole = this.#roleHashes.get(role.name);
    if (ofRole === undefined) {
      ofRole = createHash('sha256').update(JSON.stringify(role)).digest('hex');
      this.#roleHashes.set(role.name, ofRole);
    }
    const parents = part.depends_on.map((name): [string, string] => [
      name,
      this.done.get(name)?.inputsHash ?? '',
    ]);
    return hashOf(part, ofRole, this.#workspaceOf(part), parents);
  }

  /** The run’s own folder is another one in each run, and the same for this. */
  #workspaceOf(part: Subtask): string {
    const named = JSON.stringify(part.params).includes('{workspace}');
    return named && this.#workspace !== this.#ground.runFolder ? this.#workspace : '';
  }
}

/** What its session would be refused for is wrong with the plan already. */
function neverTold(
  { folders, hosts }: Pick<CheckedPart, 'folders' | 'hosts'>,
  told: (message: string) => void,
): void {
  try {
    refuseNever({ folders, hosts, contained: true });
  } catch (thrown) {
    const { message, mend } = Problem.of(thrown);
    told([message, ...(mend === undefined ? [] : [mend])].join(' '));
  }
}

function mayLeave(part: CheckedPart, path: string): boolean {
  return (
    part.outputs.includes(path) ||
    part.rights.some((right) => right.kind === 'file_write' && covers(right, { kind: 'file_write', path }))
  );
}
