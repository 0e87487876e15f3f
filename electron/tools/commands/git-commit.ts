import { z } from 'zod';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import type { Hands } from '../hands.ts';
import { failed, found } from '../results.ts';
import { tool } from '../tool.ts';
import { endWords } from '../end-words.ts';
import { type Ran, shownEnd, succeeded, takeOutput } from './command-output.ts';

const most = 8192;
const patience = 60_000;
/** Hooks, signers and monitors that a repository names are not run; filters that it names are, within the same rights. */
const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', '-c', 'core.fsmonitor=false'];

export const gitCommit = tool({
  name: 'git_commit',
  title: 'Commit with git',
  description:
    'Adds the given paths and commits them in a repository, at most 60 seconds. Returns the new commit, or that there was nothing to commit. It neither pushes nor runs hooks.',
  input: z.strictObject({
    workspace: pathInput,
    message: z
      .string()
      .min(1)
      .max(20_000)
      .refine((text) => !text.startsWith('-'), 'must not begin with “-”'),
    paths: z
      .array(
        z
          .string()
          .min(1)
          .max(4096)
          .refine((path) => !path.startsWith('-'), 'must not begin with “-”'),
      )
      .min(1)
      .max(1000)
      .default(['.']),
  }),
  needs: 'git_commit of the workspace',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ workspace, message }, folder) => [
    {
      kind: 'exec',
      argv: ['git', 'commit', '-m', message],
      cwd: intendedPath(workspace, folder),
      writes: true,
    },
  ],
  preview: ({ message }) => message.split('\n', 1)[0] ?? '',
  async run({ workspace, message, paths }, hands, signal) {
    const cwd = wholePath(workspace, hands.folder);
    await hands.mayIn('git_commit', cwd);
    const git = (args: readonly string[]) => runGit(hands, cwd, args, signal);
    const added = await git(['add', '--', ...paths]);
    if (!succeeded(added.end)) return refused('git add', added);
    const staged = await git(['diff', '--cached', '--quiet']);
    if (succeeded(staged.end)) return found({ nothing_to_commit: true });
    const committed = await git(['commit', '--no-verify', '--quiet', '-m', message]);
    if (!succeeded(committed.end)) return refused('git commit', committed);
    const { stdout } = await git(['rev-parse', 'HEAD']);
    return found({ commit_sha: stdout.trim(), nothing_to_commit: false }, shownEnd(committed.end));
  },
});

async function runGit(hands: Hands, cwd: string, args: readonly string[], signal: AbortSignal): Promise<Ran> {
  const running = await hands.exec({
    argv: ['git', ...quiet, ...args],
    cwd,
    writes: true,
    timeoutMs: patience,
  });
  return takeOutput(running, { most, now: hands.now, signal });
}

function refused(what: string, { end, stdout, stderr }: Ran) {
  return failed(JSON.stringify({ failed: what, ...endWords(end), stdout, stderr }, null, 1), shownEnd(end));
}
