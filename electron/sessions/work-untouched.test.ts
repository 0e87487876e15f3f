import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, someWork } from './testing/some-work.ts';

test('a file that looks as before is found all the same, and what nobody touched counts as nothing', async () => {
  const { folder, declare, run, work } = await someWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n', 'b/c.txt': 'two\n' });
  const told = async (script: string) => {
    declare('worker', `set -e; ${script}`);
    const { id, outcome, work: its } = await run({ agent: 'worker', repository: source });
    expect(outcome?.label, outcome?.reason ?? '').toBe('success');
    const { files, commits } = its!.collected!;
    const paths = its!.kept ? (await work.changes(id)).files.map(({ path }) => path) : [];
    return { files, commits, paths };
  };
  const nothing = { files: 0, commits: 0, paths: [] };
  expect(await told('cat a.txt b/c.txt; git status; git log')).toEqual(nothing);
  // Of the same length, with the times that it had.
  const same = 'touch -r a.txt /tmp/was; printf "eno\\n" >a.txt; touch -r /tmp/was a.txt';
  expect(await told(same)).toEqual({ files: 1, commits: 0, paths: ['a.txt'] });
  expect(await told('chmod +x b/c.txt')).toEqual({ files: 1, commits: 0, paths: ['b/c.txt'] });
  expect(await told('touch a.txt; cp a.txt d; rm d')).toEqual(nothing);
  expect(await told('git commit -q --allow-empty -m nothing')).toEqual({ ...nothing, commits: 1 });
});
