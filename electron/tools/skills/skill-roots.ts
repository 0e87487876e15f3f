import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import type { Skill } from '../../../shared/skill.ts';
import { readSkill, type ReadSkill } from './read-skill.ts';

const mostSkills = 500;

interface SkillRoot {
  readonly origin: Skill['origin'];
  readonly folder: string;
}

/** A skill as it lies in its folder; one that cannot be read says why, and keeps no other from being read. */
export interface FoundSkill {
  readonly name: string;
  readonly origin: Skill['origin'];
  readonly folder: string;
  readonly hides: boolean;
  readonly read: ReadSkill | null;
  readonly problem: string | null;
}

interface Kept {
  readonly stamp: string;
  readonly read: ReadSkill | null;
  readonly problem: string | null;
}

/** Reads the folders of skills again whenever asked, and each SKILL.md only where it has changed. */
export class SkillRoots {
  #kept = new Map<string, Kept>();

  /** Later roots stand over earlier ones of the same name. */
  async read(roots: readonly SkillRoot[]): Promise<FoundSkill[]> {
    const all = await Promise.all(roots.map((root) => this.#root(root)));
    const byName = new Map<string, FoundSkill>();
    for (const skill of all.flat()) byName.set(skill.name, { ...skill, hides: byName.has(skill.name) });
    const folders = new Set(all.flat().map(({ folder }) => folder));
    for (const folder of this.#kept.keys()) if (!folders.has(folder)) this.#kept.delete(folder);
    return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #root({ origin, folder }: SkillRoot): Promise<FoundSkill[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.flatMap((entry) => {
      const skipped = entry.name.startsWith('.') || entry.name === 'node_modules' || entry.isFile();
      return skipped ? [] : [entry];
    });
    const found = await Promise.all(
      names.slice(0, mostSkills).map(async (entry): Promise<FoundSkill | null> => {
        const place = join(folder, entry.name);
        const { read, problem } = entry.isDirectory()
          ? await this.#skill(place)
          : { read: null, problem: 'It is a link, or no folder.' };
        return { name: entry.name.toWellFormed(), origin, folder: place, hides: false, read, problem };
      }),
    );
    return found.filter((each) => each !== null);
  }

  async #skill(folder: string): Promise<Kept> {
    const facts = await stat(join(folder, 'SKILL.md'), { bigint: true }).catch(() => null);
    if (!facts) return { stamp: '', read: null, problem: 'It has no SKILL.md.' };
    const stamp = `${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`;
    const known = this.#kept.get(folder);
    if (known?.stamp === stamp) return known;
    const kept = await readSkill(folder).then(
      (read) => ({ stamp, read, problem: null }),
      (thrown: unknown) => ({ stamp, read: null, problem: wordsOf(Problem.of(thrown)) }),
    );
    this.#kept.set(folder, kept);
    return kept;
  }
}

const wordsOf = ({ message, mend }: Problem) => (mend === undefined ? message : `${message} ${mend}`);
