import type { Command } from 'commander';
import { insistOn, readInput } from '../ask.ts';
import { aligned, harmless, moment } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addNoteVerbs(program: Command): void {
  const notes = program
    .command('notes')
    .helpCommand(false)
    .summary('See and write what agents note')
    .description('See and write what agents note.');

  verb(notes, 'list [agent]', 'Say which notes there are', 'holdfast notes list researcher').action(
    async (agent: string | undefined, options: Common) => {
      const { client, out } = openSession(options);
      if (agent === undefined) return out.result(...countedAgents(await client.notes.agents(), 'notes'));
      const list = await client.notes.list({ agent });
      out.result(list, () =>
        list.length === 0
          ? [`${harmless(agent)} has no notes.`]
          : aligned(
              list.map(({ key, pinned, changed, content }) => [
                harmless(key),
                pinned ? 'pinned' : '',
                moment(changed),
                firstWords(content),
              ]),
            ),
      );
    },
  );

  verb(notes, 'show <agent> <key>', 'Read a note', 'holdfast notes show researcher sources').action(
    async (agent: string, key: string, options: Common) => {
      const { client, out } = openSession(options);
      const note = await client.notes.get({ agent, key });
      out.result(note, () => note.content.split('\n').map(harmless));
    },
  );

  verb(
    notes,
    'save <agent> <key>',
    'Write a note for an agent',
    'holdfast notes save researcher style --text "Cite every claim." --pin',
  )
    .option('--text <text>', 'what it says; otherwise it is read from standard input')
    .option('--pin', 'it stands whole in every prompt')
    .action(async (agent: string, key: string, options: Common & { text?: string; pin?: true }) => {
      const { client, out } = openSession(options);
      const content = options.text ?? (await readInput());
      const note = await client.notes.save({ agent, key, content, pin: options.pin ?? null });
      out.result(note, () => [`Saved ${note.key}${note.pinned ? ', pinned' : ''}.`]);
    });

  for (const pinned of [true, false]) {
    const word = pinned ? 'pin' : 'unpin';
    const what = pinned ? 'Let a note stand whole in every prompt' : 'Keep a note out of the prompt again';
    verb(notes, `${word} <agent> <key>`, what, `holdfast notes ${word} researcher style`).action(
      async (agent: string, key: string, options: Common) => {
        const { client, out } = openSession(options);
        const note = await client.notes.pin({ agent, key, pinned });
        out.result(note, () => [`${note.key} is ${note.pinned ? '' : 'not '}pinned.`]);
      },
    );
  }

  verb(
    notes,
    'rm <agent> <key>',
    'Remove a note, and erase it from the record',
    'holdfast notes rm researcher style --yes',
  )
    .option('--yes', 'do not ask')
    .action(async (agent: string, key: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      await insistOn(`Erase the note ${key} and every wording of it?`, options.yes);
      const removed = await client.notes.erase({ agent, key });
      out.result(removed, () => [`Erased ${removed.key}.`]);
    });
}

const mostLetters = 80;

/** As much of a text as stands on a line. */
export function firstWords(text: string): string {
  const line = harmless(text.replaceAll(/\s+/g, ' ').trim());
  return line.length > mostLetters ? `${line.slice(0, mostLetters - 1)}…` : line;
}

export function countedAgents(
  agents: readonly { agent: string; count: number }[],
  what: string,
): [unknown, () => string[]] {
  return [
    agents,
    () =>
      agents.length === 0
        ? [`No agent has ${what}.`]
        : aligned(agents.map(({ agent, count }) => [harmless(agent), count.toLocaleString('en')])),
  ];
}
