import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGitServer } from './testing/git-server.ts';
import { operator } from './testing/some-sessions.ts';
import { git, give, someWork } from './testing/some-work.ts';

test('a repository whose names are SHA-256 is served, cloned, collected and applied like any other', async () => {
  const { folder, declare, run, work } = await someWork();
  const served = join(folder, 'served');
  const project = join(served, 'project');
  mkdirSync(project, { recursive: true });
  git(project, 'init', '-q', '-b', 'main', '--object-format=sha256');
  writeFileSync(join(project, 'a.txt'), 'one\n');
  git(project, 'add', '-A');
  git(project, 'commit', '-q', '-m', 'first');
  give(project);
  const server = await startGitServer(served);
  declare('maker', 'echo b >b; git add b; git commit -q -m second; echo two >>a.txt; echo c >c');
  for (const repository of [`${server.url}/project/.git`, project]) {
    const session = await run({ agent: 'maker', repository });
    expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
    expect(session.work?.collected).toMatchObject({ files: 3, commits: 1, untracked: 1 });
    expect(session.work?.base).toMatch(/^[0-9a-f]{64}$/);
    const branch = `made-${session.id}`;
    const applied = await work.apply({ session: session.id, folder: project, branch }, operator);
    expect(applied.commit).toMatch(/^[0-9a-f]{64}$/);
    expect(git(project, 'show', `${branch}:c`)).toBe('c\n');
    expect(git(project, 'log', '--format=%s', branch).split('\n')[1]).toBe('second');
  }
});
