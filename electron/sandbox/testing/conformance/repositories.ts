import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { shell } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

const run = promisify(execFile);

export function repositoryTests(subject: Subject): void {
  protectionTests(subject);
  gitTests(subject);
}

function protectionTests({ house }: Subject): void {
  test('what git would run is read-only in a folder that is written', async () => {
    const folder = await house().newFolder();
    const git = join(folder, 'project', '.git');
    await house().newFolder(git, 'hooks');
    await house().put(join(git, 'config'), '[core]\n');
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'rw' }] });
    const { out } = await shell(
      sandbox,
      [
        `touch ${git}/index.lock && echo locks`,
        `echo x 2>/dev/null >>${git}/config && echo config`,
        `touch ${git}/hooks/pre-commit 2>/dev/null && echo hook`,
        `rm ${git}/config 2>/dev/null && echo removed`,
        `mv ${git}/hooks ${git}/other 2>/dev/null && echo hooks moved`,
        `mv ${git} ${folder}/other 2>/dev/null && echo repository moved`,
        `mv ${folder}/project ${folder}/other 2>/dev/null && echo project moved`,
        'true',
      ].join('; '),
    );
    expect(out).toBe('locks\n');
    expect(await readFile(join(git, 'config'), 'utf8')).toBe('[core]\n');
  });
}

/** The real git of this machine, as the person runs it afterwards. */
const git = (folder: string, ...argv: string[]) =>
  run('git', ['-c', 'safe.directory=*', '-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  });

function gitTests({ house }: Subject): void {
  test('nothing that is put into a repository is run by git afterwards', async () => {
    const folder = await house().newFolder();
    const at = (...names: string[]) => join(folder, ...names);
    await git(folder, 'init', '-q', 'project');
    await git(at('project'), 'commit', '-q', '--allow-empty', '-m', 'first');
    await git(at('project'), 'worktree', 'add', '-q', '../tree');
    await git(at('project'), 'config', 'extensions.worktreeConfig', 'true');
    await git(at('project'), 'config', 'include.path', 'more.inc');
    await rm(at('project/.git/config.worktree'), { force: true });
    await rm(at('project/.git/hooks'), { recursive: true });
    await run('chown', ['-R', String(house().uid), folder]);
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'rw' }] });
    // What each of these would have git run; and the places from which it would.
    const evil = `[core]\n\tfsmonitor = "touch ${at('ran')}; false"\n\thooksPath = ${at('evil')}\n`;
    const { out } = await shell(
      sandbox,
      // Not mv, which copies what it cannot move, and removes the rest.
      `moved() { perl -e 'exit !rename "$ARGV[0]", "$ARGV[0]-before"' $1; }
       mkdir -p evil/objects evil/refs; echo 'ref: refs/heads/none' >evil/HEAD
       printf '${evil}' >evil/config; printf '#!/bin/sh\ntouch ${at('ran')}\n' >evil/pre-commit; chmod +x evil/pre-commit
       for each in project/.git project/.git/worktrees/tree; do
         printf ${at('evil')} >$each/commondir && echo $each/commondir
         for name in config config.worktree more.inc; do cat evil/config >$each/$name && echo $each/$name; done
         cp evil/pre-commit $each/hooks/ && echo $each/hooks
         rm -f $each/commondir $each/config.worktree && echo $each removed
         moved $each && echo $each moved
       done
       moved project/.git/worktrees && echo worktrees moved
       moved project && echo project moved
       echo tried`,
      { cwd: folder },
    );
    // Git reads no configuration of that name from a work tree's own folder.
    const unread = ['config', 'more.inc'].map((name) => `project/.git/worktrees/tree/${name}\n`);
    expect(out).toBe(`${unread.join('')}tried\n`);
    for (const tree of ['project', 'tree']) {
      expect((await git(at(tree), 'status', '--short')).stderr).toBe('');
      await git(at(tree), 'commit', '-q', '--allow-empty', '-m', 'next');
    }
    await expect(stat(at('ran'))).rejects.toThrow(/ENOENT/);
  });

  test('git works in a repository that is protected', async () => {
    const folder = await house().newFolder();
    await git(folder, 'init', '-q', '-b', 'main', '.');
    await run('chown', ['-R', String(house().uid), folder]);
    const sandbox = await house().start({ folders: [{ path: folder, mode: 'rw' }] });
    const { out, err } = await shell(
      sandbox,
      `set -e; export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
       echo one >file; git add file; git commit -qm one; git checkout -qb other; echo two >file; git commit -qam two
       git checkout -q main; echo more >more; git add more; git commit -qm more; git rebase -q other; git stash list
       git worktree add -q tree other 2>&1; git gc -q; git log --format=%s; git -C tree log --format=%s`,
      { cwd: folder },
    );
    expect({ out, err }).toEqual({ out: 'more\ntwo\none\ntwo\none\n', err: '' });
    const { stdout, stderr } = await git(folder, 'log', '--format=%s');
    expect({ stdout, stderr }).toEqual({ stdout: 'more\ntwo\none\n', stderr: '' });
  });
}
