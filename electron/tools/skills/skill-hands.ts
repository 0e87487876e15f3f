import { Problem } from '../../../shared/problem.ts';
import { allowedText } from '../allowed-tool.ts';
import type { HandsOf, PutInScratch } from '../hand-makers.ts';
import type { SkillHands, SkillRead } from '../hands.ts';
import { declares } from '../held-tools.ts';
import { readInside, textOf } from './inside-folder.ts';
import { filesOf, mostFileBytes } from './skill-files.ts';
import type { Skills } from './skills.ts';

const mostPut = 20_000_000;
/** Below the sandbox’s own home: nothing of the person’s is there, and it goes with the sandbox. */
const places = '/home/sandbox/skills';

/**
 * Reads skills for one agent. The folder of a skill is not granted to the sandbox: when a skill with files is read,
 * they are copied into its scratch, where the agent’s commands may run them under the agent’s own rights.
 */
export function skillHands(skills: Skills, { agent }: HandsOf, put: PutInScratch): SkillHands {
  const runs = declares(agent, 'exec') || declares(agent, 'job_submit');
  return {
    async read(name, file): Promise<SkillRead> {
      const { folder, read } = await skills.one(agent, name);
      const tools = read?.allowedTools?.map(allowedText) ?? null;
      const files = await filesOf(folder);
      if (file !== null) {
        if (file !== 'SKILL.md' && !files.includes(file)) throw noFile(name, file, files);
        const text = textOf(await readInside(folder, file, mostFileBytes), file);
        return { name, text, files, place: null, tools };
      }
      const place = runs && files.length > 0 ? `${places}/${name}` : null;
      if (place !== null) await put(await copies(folder, files, place));
      return { name, text: read?.body ?? '', files, place, tools };
    },
  };
}

async function copies(folder: string, files: readonly string[], place: string) {
  const all = [];
  let bytes = 0;
  for (const file of files) {
    const content = await readInside(folder, file, mostFileBytes);
    bytes += content.length;
    if (bytes > mostPut) throw new Problem('too_large', 'The files of this skill are too large together.');
    all.push({ path: `${place}/${file}`, bytes: content });
  }
  return all;
}

function noFile(name: string, file: string, files: readonly string[]): Problem {
  return new Problem(
    'not_found',
    `The skill ${name} has no file “${file.slice(0, 200)}”.`,
    files.length > 0 ? `It has ${files.slice(0, 20).join(', ')}.` : 'It has none beside its text.',
  );
}
