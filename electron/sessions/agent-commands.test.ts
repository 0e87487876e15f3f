import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handyAgent, toolLife, workPlace } from './agents/testing/tool-life.ts';

test('an agent with rights to some commands runs lines of these alone, whatever they are put together with', async () => {
  const { folder, work } = workPlace();
  writeFileSync(join(work, 'text'), 'b\na\n');
  const capabilities = ['tool: exec', 'file_read: $folder/*', 'exec: sort *', 'exec: cat *'];
  const { open, ask } = await toolLife(folder, [handyAgent({ capabilities })]);
  const { id } = await open([{ path: work, mode: 'ro' }]);
  const lines = {
    'cat text | sort': true,
    'cd . && sort text': true,
    'echo only the shell': true,
    'cat text; id': false,
    'cat $(id)': false,
    '$(cat text)': false,
    'env id': false,
    'bash -c id': false,
    'sort text || eval id': false,
    'IFS=x cat text': false,
  };
  const told = await ask(
    id,
    Object.keys(lines).map((command) => ['exec', { command, writes: false }] as const),
  );
  const ran = Object.keys(lines).map((line, i) => [line, told[i]?.ok]);
  expect(Object.fromEntries(ran)).toEqual(lines);
  expect(told[0]?.value?.['stdout']).toBe('a\nb\n');
});
