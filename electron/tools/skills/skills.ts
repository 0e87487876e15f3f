import type { Agent } from '../../../shared/agent.ts';
import type { Actor } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Skill } from '../../../shared/skill.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import { removeTree } from '../../base/remove-tree.ts';
import { allowedText, type OutsideOf } from '../allowed-tool.ts';
import { InOrder } from '../in-order.ts';
import { addSkill } from './add-skill.ts';
import { type FoundSkill, SkillRoots } from './skill-roots.ts';

export interface SkillNeeds {
  readonly record: Pick<AuditRecord, 'append' | 'settings'>;
  readonly clock: Clock;
  /** The folder that Holdfast brings, and the person’s own. */
  readonly bundled: string;
  readonly own: string;
}

/** What may be called whatever a skill names: it does nothing but ask, look and choose another skill. */
const always = new Set(['skill_read', 'ask_person', 'surroundings']);
/** So long what was found is taken as it was: a prompt is made for every call of a model. */
const freshMs = 1000;
const mostNamed = 20;

/** The skills that agents may read, from their roots: later ones stand over earlier ones of the same name. */
export class Skills {
  readonly #needs: SkillNeeds;
  readonly #roots = new SkillRoots();
  readonly #order = new InOrder();
  #found: { readonly at: number; readonly folder: string | null; readonly skills: FoundSkill[] } | null =
    null;

  constructor(needs: SkillNeeds) {
    this.#needs = needs;
  }

  async list(): Promise<Skill[]> {
    this.#found = null;
    const found = await this.#read();
    return found.map((skill) => this.#shown(skill));
  }

  /** One with its text. */
  async get(name: string): Promise<Skill & { text: string }> {
    this.#found = null;
    const found = await this.#read();
    const skill = found.find((each) => each.name === name);
    if (!skill) throw unknown(name, found);
    return { ...this.#shown(skill), text: skill.read?.body ?? '' };
  }

  /** Those that an agent may read. */
  async of(agent: Pick<Agent, 'skills'>): Promise<FoundSkill[]> {
    if (agent.skills !== '*' && agent.skills.length === 0) return [];
    const found = await this.#read();
    const disabled = this.#disabled();
    return found.filter(
      (skill) =>
        skill.read !== null &&
        !disabled.has(skill.name) &&
        (agent.skills === '*' || agent.skills.includes(skill.name)),
    );
  }

  async one(agent: Pick<Agent, 'skills'>, name: string): Promise<FoundSkill> {
    const mine = await this.of(agent);
    const skill = mine.find((each) => each.name === name);
    if (!skill) throw unknown(name, mine);
    return skill;
  }

  /** Why a tool may not be used in the turn in which this skill was read last; null: it may. */
  async refusal(
    agent: Pick<Agent, 'skills' | 'outputTool'>,
    name: string,
    tool: string,
    outsideOf: OutsideOf,
  ): Promise<string | null> {
    if (always.has(tool) || tool === agent.outputTool) return null;
    const mine = await this.of(agent);
    const skill = mine.find((each) => each.name === name);
    // It was read and is no more: nobody can say what it allows.
    const allowed = skill ? (skill.read?.allowedTools ?? null) : [];
    if (allowed === null) return null;
    const named = allowed.some((one) => one.tool === tool);
    const outside = named ? await outsideOf(allowed) : tool;
    if (outside === null) return null;
    const all = allowed.map(allowedText).join(', ');
    return `The skill ${name}, which you read last in this turn, allows ${all || 'no tools'} and not ${outside}. Read another skill if this one does not fit, or finish the turn and say what you would need.`;
  }

  enable(name: string, enabled: boolean, by: Actor): Promise<Skill> {
    return this.#order.do('skills', async () => {
      const found = await this.#read();
      const skill = found.find((each) => each.name === name);
      if (!skill) throw unknown(name, found);
      const disabled = this.#disabled();
      if (disabled.has(name) === enabled) {
        if (enabled) disabled.delete(name);
        else disabled.add(name);
        const value = disabled.size > 0 ? [...disabled].toSorted() : null;
        await this.#needs.record.append({
          kind: 'setting.changed',
          actor: by,
          data: { key: 'skills.disabled', value },
        });
      }
      return this.#shown(skill);
    });
  }

  /** Copies a skill from a folder into the person’s own. */
  add(from: string, replace: boolean, by: Actor): Promise<Skill> {
    return this.#order.do('skills', async () => {
      const { own, record } = this.#needs;
      const { name, ...facts } = await addSkill(from, own, replace);
      await record.append({ kind: 'skill.added', actor: by, data: { name, from, ...facts } });
      this.#found = null;
      const found = await this.#read();
      return this.#shown(found.find((each) => each.name === name) ?? missing(name));
    });
  }

  remove(name: string, by: Actor): Promise<void> {
    return this.#order.do('skills', async () => {
      this.#found = null;
      const found = await this.#read();
      const skill = found.find((each) => each.name === name);
      if (!skill) throw unknown(name, found);
      if (skill.origin !== 'yours') {
        throw new Problem(
          'conflict',
          `${name} is not among those that were added.`,
          `\`holdfast skills disable ${name}\` keeps agents from it.`,
        );
      }
      await removeTree(skill.folder);
      await this.#needs.record.append({ kind: 'skill.removed', actor: by, data: { name } });
      this.#found = null;
    });
  }

  #shown({ name, origin, folder, hides, read, problem }: FoundSkill): Skill {
    return {
      name,
      description: read?.description ?? '',
      license: read?.license ?? null,
      compatibility: read?.compatibility ?? null,
      metadata: { ...read?.metadata },
      allowedTools: read?.allowedTools?.map(allowedText) ?? null,
      origin,
      folder,
      hides,
      enabled: !this.#disabled().has(name),
      problem,
    };
  }

  #disabled(): Set<string> {
    return new Set(this.#needs.record.settings()['skills.disabled'] ?? []);
  }

  async #read(): Promise<FoundSkill[]> {
    const { bundled, own, record, clock } = this.#needs;
    const folder = record.settings()['skills.folder'];
    const now = clock.now().getTime();
    const known = this.#found;
    if (known && known.folder === folder && now - known.at < freshMs && now >= known.at) return known.skills;
    const skills = await this.#roots.read([
      { origin: 'bundled', folder: bundled },
      { origin: 'yours', folder: own },
      ...(folder === null ? [] : [{ origin: 'folder', folder } as const]),
    ]);
    this.#found = { at: now, folder, skills };
    return skills;
  }
}

function unknown(name: string, among: readonly FoundSkill[]): Problem {
  const names = among.slice(0, mostNamed).map((each) => each.name);
  const more = among.length > names.length ? ' and more' : '';
  return new Problem(
    'not_found',
    `There is no skill “${name.slice(0, 64)}”.`,
    names.length > 0
      ? `There ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}${more}.`
      : 'There is none.',
  );
}

function missing(name: string): never {
  throw new Problem('internal', `The skill ${name} was added and is not there.`);
}
