import { z } from 'zod';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { numbered, readText } from './file-text.ts';
import { intendedPath, pathInput } from './paths.ts';

export const fileRead = tool({
  name: 'file_read',
  title: 'Read a file',
  description:
    'Reads a text file of at most 1 MB and returns its lines with their numbers. Use offset and limit for part of a long one. Use file_read_many for several files, and grep to find something in many.',
  input: z.strictObject({
    path: pathInput,
    offset: z.int().min(1).default(1).describe('The first line, from 1'),
    limit: z.int().min(1).max(20_000).default(2000).describe('How many lines at most'),
  }),
  needs: 'file_read of the path',
  repeatable: true,
  parallel: true,
  surface: 'sandbox',
  action: false,
  intends: ({ path }, folder) => [{ kind: 'read', path: intendedPath(path, folder) }],
  preview: ({ path, offset }) => (offset > 1 ? `${path} from line ${offset}` : path),
  async run({ path, offset, limit }, hands) {
    const { text, size, path: real } = await readText(hands, path);
    return found({ path: real, size_bytes: size, ...numbered(text, offset, limit) });
  },
});
