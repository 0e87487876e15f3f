import { z } from 'zod';
import type { Agent } from '../../../shared/agent.ts';
import type { Hands, Note } from '../hands.ts';
import { found, said } from '../results.ts';
import { tool } from '../tool.ts';
import { withinHoldfast } from '../within-holdfast.ts';
import { previewOf } from './note-text.ts';

const key = z
  .string()
  .min(1)
  .max(64)
  .describe('Small letters, digits, dashes and underscores, beginning with a letter or digit');

const shared = {
  ...withinHoldfast,
  offered: ({ notes }: Agent) => notes.mostCount > 0,
};

const told = ({ key: name, content, pinned, changed }: Note) => ({ key: name, content, pinned, changed });

export const noteSave = tool({
  name: 'note_save',
  title: 'Save a note',
  description:
    'Keeps a short text under a key, for this and later sessions; one of the same key is replaced. A pinned note stands whole in front of you at every step, so pin little. Notes outlast summaries of the conversation: save what you must not forget.',
  input: z.strictObject({
    key,
    content: z.string().max(65_536),
    pin: z.boolean().nullable().default(null).describe('null: as it was; a new one is not pinned'),
  }),
  ...shared,
  preview: ({ key: name, content }) => `${name}: ${previewOf(content)}`,
  async run({ key: name, content, pin }, hands) {
    const note = await hands.notes.save(name, content, pin);
    return found({ key: note.key, bytes: Buffer.byteLength(note.content), pinned: note.pinned });
  },
});

export const noteList = tool({
  name: 'note_list',
  title: 'List notes',
  description: 'Lists your notes: key, whether it is pinned, when it changed, and its first words.',
  input: z.strictObject({}),
  ...shared,
  parallel: true,
  preview: () => '',
  async run(_input, hands) {
    const notes = await hands.notes.list();
    const rows = notes.map(({ key: name, content, pinned, changed }) => ({
      key: name,
      pinned,
      changed,
      bytes: Buffer.byteLength(content),
      preview: previewOf(content),
    }));
    return found({ notes: rows, count: rows.length });
  },
});

export const noteShow = tool({
  name: 'note_show',
  title: 'Read a note',
  description: 'Returns one note whole.',
  input: z.strictObject({ key }),
  ...shared,
  parallel: true,
  preview: ({ key: name }) => name,
  run: async ({ key: name }, hands) => found(told(await hands.notes.get(name))),
});

export const noteDelete = tool({
  name: 'note_delete',
  title: 'Delete a note',
  description: 'Deletes one note that is no longer true or needed.',
  input: z.strictObject({ key }),
  ...shared,
  preview: ({ key: name }) => name,
  async run({ key: name }, hands) {
    await hands.notes.remove(name);
    return said(`The note ${name} is deleted.`);
  },
});

const pinning = (pinned: boolean, words: string) => ({
  input: z.strictObject({ key }),
  ...shared,
  preview: ({ key: name }: { key: string }) => name,
  async run({ key: name }: { key: string }, hands: Hands) {
    await hands.notes.pin(name, pinned);
    return said(`The note ${name} ${words}.`);
  },
});

export const notePin = tool({
  name: 'note_pin',
  title: 'Pin a note',
  description: 'Pins one note: it stands whole in front of you at every step.',
  ...pinning(true, 'is pinned'),
});

export const noteUnpin = tool({
  name: 'note_unpin',
  title: 'Unpin a note',
  description: 'Unpins one note: it is kept, and no longer stands in front of you at every step.',
  ...pinning(false, 'is no longer pinned'),
});
