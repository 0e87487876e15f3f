import { z } from 'zod';
import { said } from '../results.ts';
import { tool } from '../tool.ts';

export const skillRead = tool({
  name: 'skill_read',
  title: 'Read a skill',
  description:
    'Returns the instructions of a skill and the names of its files, or one of those files. Until you read another skill or your turn ends, only the tools that the skill allows may be used.',
  input: z.strictObject({
    skill: z.string().min(1).max(64).describe('As it is listed'),
    file: z.string().min(1).max(1024).nullable().default(null).describe('null: the instructions'),
  }),
  needs: null,
  repeatable: true,
  // What may be called after it depends on it.
  parallel: false,
  surface: 'none',
  action: false,
  offered: ({ skills }) => skills === '*' || skills.length > 0,
  intends: () => [],
  preview: ({ skill, file }) => (file === null ? skill : `${skill}/${file}`),
  async run({ skill, file }, hands) {
    const read = await hands.skills.read(skill, file);
    if (file !== null) return said(read.text);
    const notes = [
      ...(read.files.length > 0
        ? [`Its files: ${read.files.join(', ')}. Read one with skill_read and file.`]
        : []),
      ...(read.place === null
        ? []
        : [
            `They also lie in ${read.place} of the sandbox, for your commands; read the skill again if they are gone.`,
          ]),
      ...(read.tools === null
        ? []
        : [
            `Until you read another skill or your turn ends, use only: ${read.tools.join(', ') || 'no tool'}.`,
            ...(read.tools.some((named) => named.includes('('))
              ? [
                  'What stands in parentheses is all that the tool may be used for; each command of a line has to fit, written out.',
                ]
              : []),
          ]),
    ];
    return said([read.text, ...(notes.length > 0 ? ['---', ...notes] : [])].join('\n\n'));
  },
});
