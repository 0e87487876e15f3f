import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { OpenOwnSandbox } from '../../sandbox/own-work.ts';
import type { GrantedFolder } from '../../sandbox/sandbox.ts';
import { refuseWithoutGit, runScript, type Said } from './run-script.ts';

export interface ApplyWish {
  readonly session: Id<'session'>;
  readonly folder: GrantedFolder;
  /** Where the patch and the bundle are kept. */
  readonly kept: string;
  readonly masked: readonly string[];
}

const longest = 15 * 60_000;

/** By a repository of our own, so that nothing that the folder's says is run; all of it, or nothing. */
const applyScript = `
git init -q --bare --template= /tmp/apply || exit 50
export GIT_DIR=/tmp/apply GIT_WORK_TREE=$1
cd "$1" || exit 51
[ -s /kept/changes.patch ] || exit 0
git apply --whitespace=nowarn --check /kept/changes.patch || exit 52
[ "$2" = check ] && exit 0
git apply --whitespace=nowarn /kept/changes.patch || exit 53
`;

/** Whether it would apply; a `Problem` that names what does not fit. */
export const checkPatch = (openOwn: OpenOwnSandbox, wish: ApplyWish) => inFolder(openOwn, wish, 'check');

export const applyPatch = (openOwn: OpenOwnSandbox, wish: ApplyWish) => inFolder(openOwn, wish, 'apply');

async function inFolder(openOwn: OpenOwnSandbox, wish: ApplyWish, how: 'check' | 'apply'): Promise<void> {
  const { path } = wish.folder;
  const said = await done(openOwn, wish, applyScript, [path, how]);
  if (said.code === 0) return;
  throw new Problem(
    'conflict',
    `The changes do not fit ${path} as it is now: ${reasons(said)}`,
    how === 'check'
      ? 'Nothing was changed. Put the folder at the commit the session began with, or apply to a branch with --branch.'
      : 'Look at the folder with `git status`.',
  );
}

/** Git of the person's repository, whose hooks stay silent, and whose objects are checked before they are taken. */
const branchScript = `
folder=$1 branch=$2 last=$3 how=$4
cd "$folder" || exit 60
git() { command git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c fetch.fsckObjects=true -c gc.auto=0 -c maintenance.auto=false -c core.alternateRefsCommand= "$@"; }
git rev-parse --git-dir >/dev/null || exit 61
git check-ref-format "refs/heads/$branch" || exit 62
git show-ref --verify --quiet "refs/heads/$branch" && exit 63
if [ ! -s /kept/commits.bundle ]; then
  git cat-file -e "$last^{commit}" || exit 64
  [ "$how" = check ] && exit 0
  git update-ref "refs/heads/$branch" "$last" '' && exit 0 || exit 65
fi
git bundle verify -q /kept/commits.bundle || exit 64
[ "$how" = check ] && exit 0
git fetch -q --no-tags --no-write-fetch-head --no-recurse-submodules --no-auto-maintenance /kept/commits.bundle "refs/heads/work:refs/heads/$branch" || exit 65
[ "$(git rev-parse "refs/heads/$branch")" = "$last" ] || exit 66
`;

export interface BranchWish extends ApplyWish {
  readonly branch: string;
  /** The commit that the branch then leads to. */
  readonly last: string;
}

export const checkBranch = (openOwn: OpenOwnSandbox, wish: BranchWish) => ontoBranch(openOwn, wish, 'check');

export const applyBranch = (openOwn: OpenOwnSandbox, wish: BranchWish) => ontoBranch(openOwn, wish, 'apply');

async function ontoBranch(openOwn: OpenOwnSandbox, wish: BranchWish, how: 'check' | 'apply'): Promise<void> {
  const { folder, branch, last } = wish;
  const said = await done(openOwn, wish, branchScript, [folder.path, branch, last, how]);
  if (said.code !== 0) throw branchProblem(said, folder.path, branch);
}

function branchProblem(said: Said, folder: string, branch: string): Problem {
  switch (said.code) {
    case 61:
      return new Problem(
        'invalid_input',
        `${folder} is no repository that stands by itself.`,
        'Name the folder that holds its `.git` folder; of a work tree or a submodule, its main repository.',
      );
    case 62:
      return new Problem('invalid_input', `“${branch}” is no name of a branch.`, 'Choose another name.');
    case 63:
      return new Problem('conflict', `${folder} has a branch “${branch}” already.`, 'Choose another name.');
    case 64:
      return new Problem(
        'conflict',
        `${folder} does not have the commit that the session began with.`,
        'Fetch it first with `git fetch`, or apply the changes to the folder, without a branch.',
      );
    default:
      return new Problem('conflict', `The branch could not be made in ${folder}: ${reasons(said)}`);
  }
}

async function done(
  openOwn: OpenOwnSandbox,
  { session, folder, kept, masked }: ApplyWish,
  text: string,
  words: readonly string[],
): Promise<Said> {
  const own = [{ path: kept, at: '/kept', writable: false }];
  const sandbox = await openOwn({ session, masked, folders: [folder], own });
  try {
    const said = await runScript(sandbox, { text, words, timeoutMs: longest });
    refuseWithoutGit(said);
    return said;
  } finally {
    await sandbox.teardown();
  }
}

const mostReasons = 5;

/** The first of git's complaints, each by itself. */
function reasons({ code, err }: Said): string {
  const lines = err.split('\n').flatMap((line) => /^(?:error|fatal): (.+)$/.exec(line)?.[1] ?? []);
  const some = lines.slice(0, mostReasons).join('; ').slice(0, 1000);
  const more = lines.length - mostReasons;
  return `${some || `git ended with ${code}`}${more > 0 ? `; and ${more} more` : ''}.`;
}
