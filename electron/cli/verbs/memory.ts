import type { Command } from 'commander';
import type { ShownMemory } from '../../../shared/contract/keeping.ts';
import { memoryCategories, type MemoryCategory } from '../../../shared/memory.ts';
import { Problem } from '../../../shared/problem.ts';
import { insistOn, readInput } from '../ask.ts';
import { aligned, harmless, moment } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';
import { countedAgents, firstWords } from './notes.ts';

type Id = ShownMemory['id'];

export function addMemoryVerbs(program: Command): void {
  const memory = program
    .command('memory')
    .helpCommand(false)
    .summary('See, put right and erase what agents remember')
    .description('See, put right and erase what agents remember.');

  verb(memory, 'list [agent]', 'Say what an agent remembers', 'holdfast memory list researcher').action(
    async (agent: string | undefined, options: Common) => {
      const { client, out } = openSession(options);
      if (agent === undefined) return out.result(...countedAgents(await client.memory.agents(), 'a memory'));
      const list = await client.memory.list({ agent });
      out.result(list, () =>
        list.length === 0
          ? [`${harmless(agent)} remembers nothing.`]
          : aligned(
              list.map(({ id, category, created, content }) => [
                id,
                category,
                moment(created),
                firstWords(content),
              ]),
            ),
      );
    },
  );

  verb(memory, 'show <id>', 'Read a memory', 'holdfast memory show mem_01k2x000000000000000000000').action(
    async (id: string, options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.memory.get({ memory: id as Id });
      out.result(found, () => [
        `${harmless(found.agent)}, ${found.category}, ${moment(found.created)}, ${found.embedding === null ? 'found by its words' : `embedded by ${harmless(found.embedding)}`}`,
        '',
        ...found.content.split('\n').map(harmless),
      ]);
    },
  );

  verb(
    memory,
    'edit <id>',
    'Put a memory right',
    'holdfast memory edit mem_01k2x000000000000000000000 --text "The office moved in May."',
  )
    .option('--text <text>', 'what it says from now on; otherwise it is read from standard input')
    .option('--category <category>', 'fact, observation, decision or preference')
    .action(async (id: string, options: Common & { text?: string; category?: string }) => {
      const { client, out } = openSession(options);
      const category = readCategory(options.category);
      const content = options.text ?? (await readInput());
      const edited = await client.memory.edit({ memory: id as Id, content, category });
      out.result(edited, () => [
        `Changed ${edited.id}. What it said before stays on the record until you erase it.`,
      ]);
    });

  verb(
    memory,
    'rm <id>',
    'Remove a memory, and erase it from the record',
    'holdfast memory rm mem_01k2x000000000000000000000 --yes',
  )
    .option('--yes', 'do not ask')
    .action(async (id: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      await insistOn(`Erase ${id} and every wording of it?`, options.yes);
      const erased = await client.memory.erase({ memory: id as Id });
      out.result(erased, () => [`Erased ${erased.id}.`]);
    });
}

function readCategory(text: string | undefined): MemoryCategory | null {
  if (text === undefined) return null;
  const found = memoryCategories.find((each) => each === text);
  if (found) return found;
  throw new Problem(
    'invalid_input',
    `“${text}” is no category.`,
    `There are ${memoryCategories.join(', ')}.`,
  );
}
