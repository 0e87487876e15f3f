import { z } from 'zod';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { Problem } from '../../../shared/problem.ts';
import { differenceOf, shownDifference } from './difference.ts';
import { mostFileBytes, readText } from './file-text.ts';
import { intendedPath, pathInput } from './paths.ts';

const side = z.string().max(65_536);

export const fileEdit = tool({
  name: 'file_edit',
  title: 'Edit a file',
  description:
    'Replaces one piece of a text file by another, each at most 64 kB. old_string must be exactly as in the file, with its spaces and line ends, and must occur once; give more of what is around it, or replace_all to change every occurrence. Read the file first.',
  input: z.strictObject({
    path: pathInput,
    old_string: side.min(1),
    new_string: side,
    replace_all: z.boolean().default(false),
  }),
  needs: 'file_read and file_write of the path',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ path }, folder) => [
    { kind: 'read', path: intendedPath(path, folder) },
    { kind: 'write', path: intendedPath(path, folder) },
  ],
  proposes: ({ path, old_string: old, new_string: fresh }, folder) =>
    differenceOf(intendedPath(path, folder), ended(old), ended(fresh)) ?? null,
  preview: ({ path }) => path,
  async run({ path, old_string: old, new_string: fresh, replace_all: all }, hands) {
    if (old === fresh) throw new Problem('invalid_input', 'old_string and new_string are the same.');
    const { text, path: real, size: before } = await readText(hands, path);
    const pieces = text.split(old);
    const count = pieces.length - 1;
    if (count === 0) {
      throw new Problem(
        'not_found',
        `old_string does not occur in ${real}.`,
        'Read the file again and copy it exactly.',
      );
    }
    if (count > 1 && !all) {
      throw new Problem(
        'conflict',
        `old_string occurs ${count} times in ${real}.`,
        'Give more of what is around it, or replace_all.',
      );
    }
    // Known before it is put together: many replacements by much would be more than there is memory.
    const size = before + count * (Buffer.byteLength(fresh) - Buffer.byteLength(old));
    if (size > mostFileBytes) {
      throw new Problem(
        'too_large',
        `${real} would have ${size.toLocaleString('en')} bytes, more than ${mostFileBytes.toLocaleString('en')}.`,
        'Replace less, or write it by a command.',
      );
    }
    const after = pieces.join(fresh);
    const bytes = Buffer.from(after);
    await hands.files.write(real, bytes, { how: 'replace' });
    const result = { path: real, replacements: count, bytes_before: before, bytes_after: bytes.length };
    return found(result, shownDifference(real, text, after));
  },
});

/** Pieces of a line are shown as lines. */
const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
