import { expect, test } from 'vitest';
import { readCommand } from './command-line.ts';

test('a command is split into words as a shell would, and nothing in it is carried out', () => {
  const cases: [string, string[]][] = [
    ['', []],
    ['ls -la', ['ls', '-la']],
    [`sh -c 'echo "a b" | wc'`, ['sh', '-c', 'echo "a b" | wc']],
    [String.raw`echo "say \"hi\" \$HOME" a\ b ''`, ['echo', 'say "hi" $HOME', 'a b', '']],
    ['echo $(id) `id` *', ['echo', '$(id)', '`id`', '*']],
  ];
  for (const [text, argv] of cases) expect(readCommand(text)).toEqual({ argv });
  expect(readCommand(`echo 'open`).wrong).toBe('A quotation mark is never closed.');
});
