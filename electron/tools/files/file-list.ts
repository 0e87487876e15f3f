import { z } from 'zod';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { intendedPath, pathInput, wholePath } from './paths.ts';

const most = 500;

export const fileList = tool({
  name: 'file_list',
  title: 'List a folder',
  description:
    'Lists what lies in a folder, at most 500 entries: name, kind (file, folder, link, other) and size. It does not look into folders below; use exec with find for that.',
  input: z.strictObject({ path: pathInput.default('.') }),
  needs: 'file_read of the path',
  repeatable: true,
  parallel: true,
  surface: 'sandbox',
  action: false,
  intends: ({ path }, folder) => [{ kind: 'read', path: intendedPath(path, folder) }],
  preview: ({ path }) => path,
  async run({ path }, hands) {
    const listed = await hands.files.list(wholePath(path, hands.folder), most);
    return found({
      path: listed.path,
      entries: listed.entries.map(({ name, kind, size }) => ({ name, kind, size_bytes: size })),
      truncated: listed.more,
    });
  },
});
