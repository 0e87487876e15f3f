import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGitServer } from './testing/git-server.ts';
import { operator } from './testing/some-sessions.ts';
import { git, repository, someWork } from './testing/some-work.ts';

test('what an agent left in repositories of its own, or under attributes that do not fit, is not lost', async () => {
  const { folder, declare, run, work } = await someWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const commit = 'git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x';
  declare(
    'maker',
    `set -e; make() { mkdir -p "$1"; cd "$1"; git init -q; git config core.fsmonitor 'touch /aside/ran #'; }
     (make 'new app'; echo y >y; echo ign >.gitignore; echo z >ign; ${commit}; make inner; ${commit}; echo w >w)
     (make bare; echo v >v); (make ignored; echo u >u); echo /ignored >.gitignore; echo two >>a.txt`,
  );
  const changed = async (agent: string) => {
    const session = await run({ agent, repository: source });
    expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
    return { id: session.id, paths: (await work.changes(session.id)).files.map(({ path }) => path) };
  };
  const made = await changed('maker');
  expect(made.paths).toEqual([
    '.gitignore',
    'a.txt',
    'bare/v',
    'new app/.gitignore',
    'new app/inner/w',
    'new app/y',
  ]);
  await work.apply({ session: made.id, folder: source, branch: 'made' }, operator);
  expect(git(source, 'show', 'made:new app/inner/w')).toBe('w\n');
  await work.apply({ session: (await changed('maker')).id, folder: source, branch: null }, operator);
  expect(readFileSync(join(source, 'bare', 'v'), 'utf8')).toBe('v\n');

  declare('encoder', `echo '* working-tree-encoding=UTF-16' >.gitattributes; echo two >>a.txt`);
  expect((await changed('encoder')).paths).toEqual(['.gitattributes', 'a.txt']);

  // Objects that no repository could check out are told as such; the files that lie there count.
  declare(
    'forger',
    `set -e; b=$(git hash-object -w a.txt)
     t=$(printf '100644 blob %s\\tconfig\\n' $b | git mktree); t=$(printf '040000 tree %s\\t.git\\n' $t | git mktree)
     git update-ref HEAD $(git commit-tree $t -p HEAD -m evil); rm -rf a.txt`,
  );
  const forged = await run({ agent: 'forger', repository: source });
  expect(forged.work).toMatchObject({ kept: true, collected: { files: 1, commits: 0, left: ['.git'] } });
  expect((await work.changes(forged.id)).files).toMatchObject([{ path: 'a.txt', kind: 'removed' }]);
});

test(
  'what became of its .git keeps nothing else from being kept, and what is lost is named',
  { timeout: 60_000 },
  async () => {
    const { folder, declare, run, work } = await someWork();
    const served = join(folder, 'served');
    repository(join(served, 'project'), { 'a.txt': 'one\n' });
    const server = await startGitServer(served);
    const changed = async (agent: string, script: string) => {
      declare(agent, script, 'network: []\n');
      const session = await run({ agent, repository: `${server.url}/project/.git` });
      expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
      const { files } = await work.changes(session.id);
      return { paths: files.map(({ path }) => path), ...session.work?.collected };
    };
    const commit = 'echo b >b; git add b; git -c user.name=a -c user.email=a@b commit -q -m b';
    const closed = await changed('closer', `${commit}; echo two >>a.txt; chmod 000 .git`);
    expect(closed).toMatchObject({ paths: ['a.txt', 'b'], commits: 1 });
    expect(closed.left).toBeUndefined();
    const nonsense = await changed('shallow', `${commit}; echo nonsense >.git/shallow`);
    expect(nonsense).toMatchObject({ paths: ['b'], commits: 1 });
    const gone = await changed('remover', `${commit}; echo two >>a.txt; rm -rf .git/objects`);
    expect(gone).toMatchObject({ paths: ['a.txt', 'b'], commits: 0, left: ['.git'] });
    const huge = await changed('filler', `truncate -s 1025M 'hu"ge'; truncate -s 1025M a.txt; echo b >b`);
    expect(huge).toMatchObject({ paths: ['b'], left: expect.arrayContaining(['hu"ge', 'a.txt']) });
    const inner = `mkdir 'in "ner\tü'; cd 'in "ner\tü'; git init -q; echo y >y; git add y; ${commit}`;
    const nested = await changed('nester', inner);
    expect(nested.paths.map((path) => path.split('/')[1])).toEqual(['b', 'y']);
  },
);
