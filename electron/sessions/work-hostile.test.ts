import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operator } from './testing/some-sessions.ts';
import { git, repository, someWork } from './testing/some-work.ts';

test('what an agent left in repositories of its own, or under attributes that do not fit, is not lost', async () => {
  const { folder, data, declare, run, work } = await someWork();
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

  // Objects that no repository could check out are told as such, and leave nothing.
  declare(
    'forger',
    `set -e; b=$(git hash-object -w a.txt)
     t=$(printf '100644 blob %s\\tconfig\\n' $b | git mktree); t=$(printf '040000 tree %s\\t.git\\n' $t | git mktree)
     git update-ref HEAD $(git commit-tree $t -p HEAD -m evil); rm -rf a.txt`,
  );
  const forged = await run({ agent: 'forger', repository: source });
  expect(forged.work).toMatchObject({ kept: false, collected: null });
  expect(readdirSync(join(data, 'sessions'))).toHaveLength(1);
});
