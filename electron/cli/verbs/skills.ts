import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Skill } from '../../../shared/skill.ts';
import { insistOn } from '../ask.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

const origins = { bundled: 'bundled', yours: 'yours', folder: 'your folder' } as const;

export function addSkillVerbs(program: Command): void {
  const skills = program
    .command('skills')
    .helpCommand(false)
    .summary('See, add and switch off skills')
    .description('See, add and switch off skills: written ways of doing something well.');

  verb(skills, 'list', 'Say which skills there are', 'holdfast skills list').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const list = await client.skills.list();
      out.result(list, () => aligned(list.map(skillCells)));
    },
  );

  verb(skills, 'show <skill>', 'Read a skill', 'holdfast skills show debugging').action(
    async (skill: string, options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.skills.get({ skill });
      out.result(found, () => [...skillLines(found), '', ...found.text.split('\n').map(harmless)]);
    },
  );

  verb(skills, 'enable <skill>', 'Offer a skill to agents again', 'holdfast skills enable writing').action(
    async (skill: string, options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.skills.enable({ skill });
      out.result(found, () => [`Agents are offered ${harmless(found.name)}.`]);
    },
  );

  verb(skills, 'disable <skill>', 'Offer a skill to no agent', 'holdfast skills disable writing').action(
    async (skill: string, options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.skills.disable({ skill });
      out.result(found, () => [`No agent is offered ${harmless(found.name)}.`]);
    },
  );

  verb(skills, 'add <folder>', 'Copy a skill into your own', 'holdfast skills add ./release-notes')
    .option('--replace', 'take the place of one of yours of the same name')
    .action(async (folder: string, options: Common & { replace?: true }) => {
      const { client, out } = openSession(options);
      const added = await client.skills.add({ from: resolve(folder), replace: options.replace ?? false });
      out.result(added, () => [`Added ${harmless(added.name)} as ${harmless(added.folder)}.`]);
    });

  verb(skills, 'rm <skill>', 'Remove a skill of yours', 'holdfast skills rm release-notes --yes')
    .option('--yes', 'do not ask')
    .action(async (skill: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      await insistOn(`Remove the skill ${skill}?`, options.yes);
      const removed = await client.skills.remove({ skill });
      out.result(removed, () => [`Removed ${harmless(removed.name)}.`]);
    });
}

function skillCells({ name, origin, enabled, problem, description }: Skill): string[] {
  const state = problem === null ? (enabled ? '' : 'disabled') : 'broken';
  const words = problem === null ? harmless(description) : tinted('bad', harmless(problem));
  return [harmless(name), origins[origin], state, words];
}

function skillLines({ description, folder, license, compatibility, allowedTools, enabled, problem }: Skill) {
  const facts = [
    ['folder', folder],
    ['license', license ?? 'not said'],
    ...(compatibility === null ? [] : [['needs', compatibility]]),
    ['allows', allowedTools === null ? 'whatever its reader may use' : allowedTools.join(', ') || 'no tool'],
    ['offered', enabled ? 'yes' : 'no: it is disabled'],
  ];
  return [
    harmless(description),
    ...(problem === null ? [] : [tinted('bad', harmless(problem))]),
    '',
    ...aligned(facts.map((cells) => cells.map(harmless))),
  ];
}
