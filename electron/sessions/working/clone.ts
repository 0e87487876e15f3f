import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { GrantedFolder, Sandbox } from '../../sandbox/sandbox.ts';
import type { OpenOwnSandbox } from '../../sandbox/own-work.ts';
import { nearNames } from './near-names.ts';
import { listTree } from './list-tree.ts';
import { refuseWithoutGit, runScript } from './run-script.ts';

const longestClone = 60 * 60_000;

export interface CloneWish {
  readonly session: Id<'session'>;
  /** Of Holdfast's own, or a folder of the person's. */
  readonly from: { readonly mirror: string } | { readonly folder: GrantedFolder };
  /** What its origin is called. */
  readonly url: string;
  readonly branch: string | null;
  /** Under whose name is committed in it, where nobody says otherwise. */
  readonly agent: string;
  /** An empty folder, given to sandboxes. */
  readonly to: string;
  /** Another, that nobody sees who works in the clone. */
  readonly aside: string;
  readonly masked: readonly string[];
  readonly signal: AbortSignal;
}

const template = '/tmp/template';

/**
 * What is wrong is looked for where it did not succeed: most of the time it does. The shell itself does what it can,
 * since each program takes longer to begin than it works here.
 */
const cloneScript = `
url=$1 branch=$2
names() { git -C /source for-each-ref --count=1000 --format='%(refname:lstrip=2)' refs/heads; }
has() { git -C /source show-ref --verify --quiet "$1"; }
failed() {
  git -C /source rev-parse --git-dir >/dev/null || exit 20
  if [ -n "$branch" ]; then
    has "refs/heads/$branch" || has "refs/tags/$branch" || { names; exit 21; }
  else
    git -C /source rev-parse --verify --quiet 'HEAD^{commit}' >/dev/null || { names; exit 22; }
  fi
  exit 23
}
set --
[ -n "$branch" ] && set -- "--branch=$branch"
git clone -q --no-hardlinks --template=${template} "$@" -- /source /clone || failed
cd /clone || exit 24
configuration=$(
  while IFS= read -r line; do
    [ "$line" = "\turl = /source" ] && line="\turl = $url"
    printf '%s\\n' "$line"
  done <.git/config
)
case "$configuration" in *"\turl = $url"*) printf '%s\\n' "$configuration" >.git/config || exit 24;; *) exit 24;; esac
head=
IFS= read -r head <.git/HEAD
case "$head" in "ref: "*) IFS= read -r head <".git/\${head#ref: }" || head=;; esac
if [ -n "$head" ]; then printf '%s\\n' "$head"; else git rev-parse --verify --quiet 'HEAD^{commit}' || failed; fi
${listTree('/clone')} >/aside/as-cloned || rm -f /aside/as-cloned
exit 0
`;

/** As a value in a configuration of git’s. */
function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\]/g, String.raw`\$&`);
  return `"${escaped.replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`)}"`;
}

/** What git begins each clone with. */
async function layTemplate({ files }: Sandbox, agent: string): Promise<void> {
  const user = `[user]\n\tname = ${quoted(agent)}\n\temail = ${quoted(`${agent}@localhost`)}\n`;
  await files.makeFolder(template);
  await Promise.all([
    files.makeFolder(`${template}/hooks`),
    files.makeFolder(`${template}/info`),
    files.write(`${template}/config`, Buffer.from(user), { how: 'create', mode: 0o644 }),
  ]);
}

/**
 * A fresh clone, in a sandbox without a network: nothing that the source's own configuration names is run anywhere
 * else. Answers with the commit that is checked out.
 */
export async function makeClone(openOwn: OpenOwnSandbox, wish: CloneWish): Promise<string> {
  const { session, from, to, aside, masked, url, branch, agent, signal } = wish;
  const given = [
    { path: to, at: '/clone', writable: true },
    { path: aside, at: '/aside', writable: true },
  ];
  const sandbox: Sandbox = await openOwn({
    session,
    masked,
    ...('mirror' in from
      ? { folders: [], own: [...given, { path: from.mirror, at: '/source', writable: false }] }
      : { folders: [{ ...from.folder, at: '/source' }], own: given }),
  });
  try {
    await layTemplate(sandbox, agent);
    const words = [quoted(url), branch ?? ''];
    const said = await runScript(sandbox, { text: cloneScript, words, timeoutMs: longestClone, signal });
    refuseWithoutGit(said);
    const out = said.out.toString();
    if (said.code === 0 && /^[0-9a-f]{40,64}\n$/.test(out)) return out.trim();
    throw cloneProblem(said.code, out, said.err, wish);
  } finally {
    await sandbox.teardown();
  }
}

function cloneProblem(code: number, out: string, err: string, { url, branch }: CloneWish): Problem {
  const names = out.split('\n').filter((name) => name !== '');
  switch (code) {
    case 20:
      return new Problem(
        'invalid_input',
        `${url} is no repository that stands by itself.`,
        'Name the folder that holds its `.git` folder; a work tree or a submodule is cloned from its main repository.',
      );
    case 21:
      return new Problem(
        'not_found',
        `${url} has no branch “${branch}”.`,
        names.length === 0 ? 'It has none at all.' : `There is ${nearNames(branch ?? '', names)}.`,
      );
    case 22:
      return new Problem(
        'invalid_input',
        `${url} has nothing to begin with: its HEAD leads to no commit.`,
        names.length === 0 ? 'Make a first commit.' : `Name a branch: there is ${nearNames('main', names)}.`,
      );
    default:
      return new Problem(
        'unavailable',
        `${url} could not be cloned: ${err.split('\n').slice(-3).join(' ').slice(0, 400)}`,
        'Look at whether the repository is whole, with `git fsck`.',
      );
  }
}
