import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';

export const mostSkillBytes = 100_000;
export const mostFileBytes = 1_000_000;
const mostFiles = 500;
const mostDepth = 8;

const skipped = (name: string) => name.startsWith('.') || name === 'node_modules';

/** Every file of a skill beside SKILL.md, by its path below; hidden ones and node_modules are left out, links refused. */
export async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    if (depth > mostDepth) throw new Problem('too_large', `Its folders are more than ${mostDepth} deep.`);
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (skipped(entry.name)) continue;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path, depth + 1);
      else if (!entry.isFile()) throw new Problem('forbidden', `${path} is a link, or no file.`);
      else if (path !== 'SKILL.md') files.push(path);
      if (files.length > mostFiles) throw new Problem('too_large', `It has more than ${mostFiles} files.`);
    }
  };
  await walk('', 0);
  return files;
}
