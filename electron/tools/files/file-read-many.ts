import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { mostShownLetters, numbered, readText } from './file-text.ts';
import { intendedPath, pathInput } from './paths.ts';

const mostLines = 2000;

export const fileReadMany = tool({
  name: 'file_read_many',
  title: 'Read several files',
  description:
    'Reads up to 16 text files at once, each as file_read does with its defaults. A file that cannot be read has its error in its place; the others are returned all the same.',
  input: z.strictObject({ paths: z.array(pathInput).min(1).max(16) }),
  needs: 'file_read of each path',
  repeatable: true,
  parallel: true,
  surface: 'sandbox',
  action: false,
  intends: ({ paths }, folder) => paths.map((path) => ({ kind: 'read', path: intendedPath(path, folder) })),
  preview: ({ paths }) => paths.join(', '),
  async run({ paths }, hands) {
    const share = Math.floor(mostShownLetters / paths.length);
    const files = await Promise.all(
      paths.map(async (path) => {
        try {
          const { text, size, path: real } = await readText(hands, path);
          return { path: real, size_bytes: size, ...numbered(text, 1, mostLines, share) };
        } catch (thrown) {
          const { message, mend } = Problem.of(thrown);
          return { path, error: mend === undefined ? message : `${message} ${mend}` };
        }
      }),
    );
    return found({ files, count: files.length });
  },
});
