import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { test as base } from './person-folder.ts';

const run = promisify(execFile);
const example = path.join(import.meta.dirname, '../../resources/methodologies/example');

interface WorkFolders {
  /** A repository of the person’s with one commit. */
  readonly repository: string;
  git(...words: string[]): Promise<string>;
}

/** As a person of their own would: no configuration of this machine’s, and no identity but this. */
const gitOf =
  (folder: string) =>
  async (...words: string[]) => {
    const identity = ['-c', 'user.name=Sam', '-c', 'user.email=sam@example.org', '-c', 'safe.directory=*'];
    const { stdout } = await run('git', [...identity, ...words], {
      cwd: folder,
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    });
    return stdout;
  };

/** What the agent runs: it reads what it is handed, commits one change, and leaves another uncommitted. */
const script = `
test -r "$HOLDFAST_INPUT" && cat "$HOLDFAST_INPUT" && ls /holdfast/input/attachments
echo high > tide.txt
git -c user.name=Mender -c user.email=mender@example.org commit -q -a -m 'Raise the tide'
printf 'full\\nnew\\n' > moon.txt
`;

/** With a command agent `mender` that works on a repository of the person's, by the methodology that comes along. */
export const test = base.extend<{ work: WorkFolders }>({
  work: async ({ app, folder }, provide) => {
    const repository = path.join(folder, 'tide');
    const methodology = path.join(folder, 'way');
    await mkdir(repository);
    await cp(example, methodology, { recursive: true });
    await writeFile(path.join(repository, 'tide.txt'), 'low\n');
    const git = gitOf(repository);
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Begin');
    if (process.getuid?.() === 0) await run('chown', ['-R', '65534:65534', repository, methodology]);
    const agents = path.join(app.data, 'configuration/holdfast/agents');
    await mkdir(agents, { recursive: true });
    const declared = {
      name: 'mender',
      description: 'Raises the tide, and leaves the moon to you.',
      command: { argv: ['sh', '-c', script], repository, methodology },
      limits: { seconds: 600 },
    };
    // What is JSON is YAML as well.
    await writeFile(path.join(agents, 'mender.yaml'), JSON.stringify(declared));
    await provide({ repository, git });
  },
});
