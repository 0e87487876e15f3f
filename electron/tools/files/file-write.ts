import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import type { Hands } from '../hands.ts';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { differenceOf, shownDifference } from './difference.ts';
import { mostFileBytes, readText } from './file-text.ts';
import { intendedPath, pathInput, wholePath } from './paths.ts';

export const fileWrite = tool({
  name: 'file_write',
  title: 'Write a file',
  description:
    'Writes a whole text file of at most 1 MB, or appends to it. The old content is replaced at once and whole. For a small change of a file that exists, use file_edit.',
  input: z.strictObject({
    path: pathInput,
    content: z.string().max(mostFileBytes),
    append: z.boolean().default(false),
  }),
  needs: 'file_write of the path',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ path }, folder) => [{ kind: 'write', path: intendedPath(path, folder) }],
  proposes: ({ path, content }, folder) => differenceOf(intendedPath(path, folder), '', content) ?? null,
  preview: ({ path, content, append }) =>
    `${path}, ${append ? 'append ' : ''}${Buffer.byteLength(content).toLocaleString('en')} bytes`,
  async run({ path, content, append }, hands) {
    const whole = wholePath(path, hands.folder);
    const bytes = Buffer.from(content);
    if (bytes.length > mostFileBytes) {
      throw new Problem(
        'too_large',
        `The content has more than ${mostFileBytes.toLocaleString('en')} bytes.`,
      );
    }
    const before = await textBefore(hands, path);
    const { path: real } = await hands.files.write(whole, bytes, { how: append ? 'append' : 'replace' });
    const after = append ? (before ?? '') + content : content;
    return found(
      { path: real, bytes_written: bytes.length, ...(append && { appended: true }) },
      before === null ? undefined : shownDifference(real, before, after),
    );
  },
});

/** For the difference only: what may be written need not be readable. */
async function textBefore(hands: Hands, path: string): Promise<string | null> {
  try {
    return (await readText(hands, path)).text;
  } catch (thrown) {
    return Problem.of(thrown).code === 'not_found' ? '' : null;
  }
}
