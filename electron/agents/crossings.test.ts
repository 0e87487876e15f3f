import { expect, test } from 'vitest';
import { lineCommands } from '../approvals/line-commands.ts';
import type { Intent } from '../tools/tool.ts';
import { crossingsOf } from './crossings.ts';

const folders = [{ path: '/home/me/project', mode: 'review' as const }];

/** What a line crosses, for an agent that is to be asked about these rights. */
async function crossed(line: string, ask: readonly string[], mode: 'review' | 'rw' = 'review') {
  const commands = await lineCommands(line);
  const intents: Intent[] = [{ kind: 'shell', line, cwd: null, writes: true }];
  const found = crossingsOf({ name: 'exec', action: false }, intents, {
    agent: { approvalRequired: [], ask: [...ask] },
    folders: folders.map((each) => ({ ...each, mode })),
    hosts: [],
    commands: () => commands,
  });
  return found.map(({ kind }) => kind);
}

test('a right that is to be asked for each time is found in every part of a line', async () => {
  const ask = ['exec: git tag *'];
  expect(await crossed('git tag v1', ask)).toEqual(['declared']);
  expect(await crossed('git status; git tag v1 | cat', ask)).toEqual(['declared']);
  expect(await crossed('env A=1 git tag v1', ask)).toEqual(['declared']);
  expect(await crossed('git status && git log', ask)).toEqual([]);
});

test('what a line runs and cannot be told from its words may be what is to be asked about', async () => {
  expect(await crossed('$TOOL tag v1', ['exec: git tag *'])).toEqual(['declared']);
  expect(await crossed('eval "$LINE"', ['exec: git tag *'])).toEqual(['declared']);
  expect(await crossed('$TOOL tag v1', [])).toEqual([]);
});

test('a command crosses a boundary where a folder is changed in place, and none where it is reviewed', async () => {
  expect(await crossed('touch a', [], 'rw')).toEqual(['command']);
  expect(await crossed('touch a', [], 'review')).toEqual([]);
});
