import { agentNameSchema } from '../../shared/agent.ts';
import type { RoleEntry } from '../../shared/contract/planning.ts';
import { Problem } from '../../shared/problem.ts';
import type { Role } from '../../shared/role.ts';
import type { Agents } from '../agents/agents.ts';
import { type DeclaredFile, mostDeclaredBytes, readDeclared } from '../base/declared-files.ts';
import type { ReadText } from '../base/read-fields.ts';
import type { KnownModels } from '../models/known-models.ts';
import { readRole, type RoleGround } from './roles/read-role.ts';

export interface FilePlaces {
  readonly bundled: string;
  /** The person’s own. */
  readonly own: string;
}

export interface RoleFileNeeds {
  readonly places: FilePlaces;
  readonly agents: Pick<Agents, 'list'>;
  readonly models: () => Promise<Pick<KnownModels, 'refOf'>>;
}

/** Roles, as their files declare them. A file counts as it lies there when somebody asks, and a broken one hides no other. */
export class RoleFiles {
  readonly #needs: RoleFileNeeds;

  constructor(needs: RoleFileNeeds) {
    this.#needs = needs;
  }

  async list(): Promise<RoleEntry[]> {
    return (await this.#shown()).map(entryOf);
  }

  async entry(name: string): Promise<RoleEntry & { text: string }> {
    const shown = await this.#shown();
    const file = shown.find((each) => each.name === name);
    if (file) return { ...entryOf(file), text: file.text };
    const names = shown.map((each) => each.name).join(', ');
    throw new Problem('not_found', `There is no role “${name}”.`, `There are ${names}.`);
  }

  /** Those that could work. */
  async usable(): Promise<Map<string, Role>> {
    const roles = (await this.list()).flatMap(({ role }) => role ?? []);
    return new Map(roles.map((role) => [role.name, role]));
  }

  async check(text: string): Promise<ReadText<Role>> {
    if (Buffer.byteLength(text) > mostDeclaredBytes) {
      throw new Problem('too_large', `A role has at most ${mostDeclaredBytes} bytes.`);
    }
    return readRole(text, await this.#ground());
  }

  async #shown(): Promise<(DeclaredFile<Role> & { hides: boolean })[]> {
    const ground = await this.#ground();
    const declares = {
      read: (text: string) => readRole(text, ground),
      isName: (text: string) => agentNameSchema.safeParse(text).success,
    };
    return shownOf(
      await readDeclared(this.#needs.places.own, 'yours', declares),
      await readDeclared(this.#needs.places.bundled, 'bundled', declares),
    );
  }

  async #ground(): Promise<RoleGround> {
    const models = await this.#needs.models();
    const agents = new Map((await this.#needs.agents.list()).map((each) => [each.name, each]));
    return {
      model: (name) => models.refOf(name),
      agent: (name) => {
        const entry = agents.get(name);
        if (entry?.agent) return entry.agent;
        throw new Problem(
          'not_found',
          entry ? `The agent “${name}” cannot work: its file has problems.` : `There is no agent “${name}”.`,
        );
      },
    };
  }
}

/** The person’s files and the bundled ones that none of them stands in for, by name. */
export function shownOf<T>(
  own: readonly DeclaredFile<T>[],
  bundled: readonly DeclaredFile<T>[],
): (DeclaredFile<T> & { hides: boolean })[] {
  const names = new Set(own.map(({ name }) => name));
  const hidden = new Set(bundled.map(({ name }) => name));
  return [...own, ...bundled.filter(({ name }) => !names.has(name))]
    .map((file) => ({ ...file, hides: file.origin === 'yours' && hidden.has(file.name) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function entryOf({ name, origin, file, hides, read }: DeclaredFile<Role> & { hides: boolean }): RoleEntry {
  const { value: role, problems } = read;
  return { name, origin, file, hides, problems: [...problems], role, needsModel: role?.scaffold === null };
}
