import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Collected } from '../../../shared/session-work.ts';
import type { OpenOwnSandbox } from '../../sandbox/own-work.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type ChangedFile, type KeptChanges, keptFiles, writeChanges } from './kept-work.ts';
import { listTree } from './list-tree.ts';
import { readCommits, readFiles } from './read-changes.ts';
import { runScript, type Said } from './run-script.ts';

export interface CollectWish {
  readonly session: Id<'session'>;
  /** What the agent worked in, as it left it. */
  readonly clone: string;
  /** A folder given to sandboxes, for git's own; how the clone was listed when it was made lies there. */
  readonly aside: string;
  /** An empty folder of our own for what is found. */
  readonly into: string;
  readonly base: string;
  /** What it was cloned from, where that is ours: it has the base whatever became of the clone's own. */
  readonly mirror: string | null;
  /** Whose the commit with the rest is called. */
  readonly agent: string;
  readonly masked: readonly string[];
}

const longest = 15 * 60_000;
/** A patch or bundle larger than this is kept by nobody. */
const mostBytes = 1 << 30;
/** Names and numbers of what changed. */
const mostTold = 64 << 20;

/**
 * Git looks at the clone from outside, with a repository of its own that only borrows the objects: neither what its
 * configuration names is run, nor is its index believed. What is there is taken as a commit on top of its HEAD.
 */
const lookScript = `
base=$1 agent=$2 most=$3 opened=$4 mirror=$5
head=
if [ -f /repo/.git/HEAD ]; then
  IFS= read -r line </repo/.git/HEAD
  case "$line" in
  "ref: "*)
    ref=\${line#ref: }
    if [ -f "/repo/.git/$ref" ]; then IFS= read -r head <"/repo/.git/$ref"
    elif [ -f /repo/.git/packed-refs ]; then
      while read -r sum name; do [ "$name" = "$ref" ] && head=$sum; done </repo/.git/packed-refs
    fi;;
  *) head=$line;;
  esac
fi
# Where its HEAD is as it was and nobody touched a file, there is nothing to look for.
if [ "$head" = "$base" ] && [ -f /aside/as-cloned ] && ${listTree('/repo')} | cmp -s - /aside/as-cloned; then
  printf '%s %s %s\n' "$base" "$base" "$base"
  exit 0
fi
export GIT_DIR=/aside/git GIT_INDEX_FILE=/aside/index
case \${#base} in 64) format=sha256;; *) format=sha1;; esac
git init -q --bare --template= --object-format="$format" "$GIT_DIR" || exit 40
{ echo /repo/.git/objects; [ -z "$mirror" ] || echo /mirror/objects; } >"$GIT_DIR/objects/info/alternates"
mkdir -p "$GIT_DIR/info" && [ -f /repo/.git/info/exclude ] && head -c 1000000 /repo/.git/info/exclude >"$GIT_DIR/info/exclude"
if [ -f /repo/.git/shallow ]; then
  grep -Ex '[0-9a-f]{40}([0-9a-f]{24})?' /repo/.git/shallow | head -n 100000 >"$GIT_DIR/shallow"
  [ -s "$GIT_DIR/shallow" ] || rm "$GIT_DIR/shallow"
fi
if ! git cat-file -e "$base^{commit}" 2>/dev/null; then
  [ -n "$opened" ] || exit 49
  exit 41
fi
# What is left out, each ended by a zero byte: names of files, and .git where its commits cannot be read.
: >/aside/missing
named=$head
if ! { head=$(git rev-parse --verify --quiet --end-of-options "$head^{commit}") && git read-tree "$head"; }; then
  [ -z "$mirror$named" ] || printf '.git\\0' >>/aside/missing
  head=$base
  git read-tree "$head" || exit 42
fi
find /repo -path /repo/.git -prune -o -type f -size +"$most"c -printf '%P\\0' 2>/dev/null | head -z -n 100 >/aside/huge
cat /aside/huge >>/aside/missing
printf '/repo\\0' >/aside/wanted
sed -z 's/^/:(top,exclude,literal)/' /aside/huge >>/aside/wanted
# What is as it was is found by its content, once: where an index is no younger than a file, git reads that again and
# again. Nothing else writes here now.
touch -t 203701010000 "$GIT_INDEX_FILE"
git --work-tree=/repo update-index -q --refresh >/dev/null 2>&1
touch -t 203701010000 "$GIT_INDEX_FILE"
all() {
  git --work-tree=/repo add -A --ignore-errors --pathspec-from-file=/aside/wanted --pathspec-file-nul 2>/aside/left
}
if ! all; then
  # What cannot be read as its attributes say is taken as it is.
  echo '* !working-tree-encoding' >"$GIT_DIR/info/attributes"
  touch -t 203701010000 "$GIT_INDEX_FILE"
  all
fi
[ -z "$opened" ] && grep -q 'Permission denied' /aside/left && exit 49
# Repositories within this one, as generators make them, have nobody else to keep what is in them.
tab=$(printf '\\t')
lines() { tr '\\n\\0' '\\001\\n'; }
inner_ones() {
  git ls-files -s -z | lines | sed -n "s/^160000 [0-9a-f]* 0$tab//p"
  [ -s /aside/left ] && git -C /repo --work-tree=/repo ls-files -o -z --directory --exclude-standard | lines | sed -n 's,/$,,p'
}
for depth in 1 2 3 4; do
  inner_ones 2>/dev/null | head -n 100 >/aside/inner-ones
  while IFS= read -r inner; do
    [ -e "/repo/$inner/.git" ] || continue
    case "$(git ls-tree "$base" -- "$inner")" in 160000*) continue;; esac
    rm -f /aside/inner
    (cd "/repo/$inner" && GIT_INDEX_FILE=/aside/inner git --work-tree=. add -A --ignore-errors) 2>/dev/null
    [ -f /aside/inner ] || continue
    within=$(GIT_INDEX_FILE=/aside/inner git write-tree) || continue
    ours() { git -C /repo --work-tree=/repo "$@"; }
    ours update-index --force-remove -- "$inner" && ours read-tree --prefix="$inner/" "$within" || exit 47
  done </aside/inner-ones
done
tree=$(git write-tree) || exit 43
last=$head
if [ "$tree" != "$(git rev-parse "$head^{tree}")" ]; then
  last=$(GIT_AUTHOR_NAME="$agent" GIT_AUTHOR_EMAIL="$agent@localhost" git commit-tree "$tree" -p "$head" -m "What $agent left uncommitted") || exit 44
fi
git update-ref refs/heads/work "$last" || exit 45
printf '%s %s %s\n' "$base" "$head" "$last"
part() { "$@" >/aside/part || exit 46; wc -c </aside/part; cat /aside/part; }
part cat /aside/missing
[ "$last" = "$base" ] && exit 0
# Git takes both sides of a difference into its memory, whole.
git diff --raw --no-abbrev --no-renames --ignore-submodules=dirty "$base" "$last" |
  while read -r before after old new rest; do echo "$old"; echo "$new"; done |
  git cat-file --batch-check='%(objectsize) bytes' |
  while read -r size unit; do
    if [ "$unit" = bytes ] && [ "$size" -gt "$most" ]; then exit 1; fi
  done || exit 48
diff() { git diff -z --no-color --no-ext-diff --no-textconv --no-renames --ignore-submodules=dirty "$@"; }
part diff --raw --no-abbrev "$base" "$last"
part diff --numstat "$base" "$last"
part diff --name-only --diff-filter=A "$head" "$last"
part git rev-list --count "$base..$head"
part git log -z --max-count=1000 --format='%H%n%an%n%at%n%s' "$base..$head"
`;

const inOurs = 'export GIT_DIR=/aside/git; ';
const patchOf =
  'git diff --binary --full-index --no-color --no-ext-diff --no-textconv --no-renames --ignore-submodules=dirty "$1" "$2"';

/** Nothing, where it only went back to what was there before. */
const bundleOf = `[ "$(git rev-list --count "$1..refs/heads/work")" = 0 ] || git bundle create -q - refs/heads/work "^$1"`;

/** What an agent closed to its own account counts like everything else. */
const openScript = 'chmod -R u+rwX /repo; rm -rf /aside/git /aside/index /aside/left';

/** What an agent changed, as files of our own: told in few numbers. */
export async function collect(openOwn: OpenOwnSandbox, wish: CollectWish): Promise<Collected> {
  const first = await collectOnce(openOwn, wish, { opened: false, mirror: null });
  if (typeof first !== 'string') return first;
  await withTree(openOwn, wish, { writable: true, mirror: null }, (sandbox) =>
    runScript(sandbox, { text: openScript, timeoutMs: longest }),
  );
  const second = await collectOnce(openOwn, wish, { opened: true, mirror: null });
  if (typeof second !== 'string') return second;
  if (second === 'gone' && wish.mirror !== null) {
    const third = await collectOnce(openOwn, wish, { opened: true, mirror: wish.mirror });
    if (typeof third !== 'string') return third;
  }
  const why =
    second === 'gone' ? 'the commit it began with is gone from its repository' : 'some of it cannot be read';
  throw new Problem('conflict', `What it changed cannot be told: ${why}.`);
}

interface Attempt {
  /** Whether what was closed to its owner has been opened. */
  readonly opened: boolean;
  readonly mirror: string | null;
}

/** Closed to its owner, or without the commit that it began with. */
type Withheld = 'closed' | 'gone';

function collectOnce(
  openOwn: OpenOwnSandbox,
  wish: CollectWish,
  attempt: Attempt,
): Promise<Collected | Withheld> {
  const { base, into } = wish;
  return withTree(openOwn, wish, { writable: false, ...attempt }, async (sandbox) => {
    const looked = await lookedAt(sandbox, wish, attempt);
    if (typeof looked === 'string') return looked;
    const { head, last, files, commits, count, left } = looked;
    if (files.length > 0 || count > 0) {
      const { patch, bundle } = keptFiles(into);
      await stream(sandbox, patchOf, [base, last], patch);
      await stream(sandbox, bundleOf, [base], bundle);
      await writeChanges(into, { format: 1, base, head, last, count, commits, files });
    }
    const sum = (pick: (file: ChangedFile) => number | null) =>
      files.reduce((all, file) => all + (pick(file) ?? 0), 0);
    return {
      base,
      head,
      commits: count,
      files: files.length,
      untracked: files.filter(({ untracked }) => untracked).length,
      added: sum(({ added }) => added),
      removed: sum(({ removed }) => removed),
      ...(left.length > 0 ? { left } : {}),
    };
  });
}

async function withTree<Result>(
  openOwn: OpenOwnSandbox,
  { session, masked, clone, aside }: CollectWish,
  { writable, mirror }: { readonly writable: boolean; readonly mirror: string | null },
  work: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const sandbox = await openOwn({
    session,
    masked,
    folders: [],
    own: [
      { path: clone, at: '/repo', writable },
      { path: aside, at: '/aside', writable: true },
      ...(mirror === null ? [] : [{ path: mirror, at: '/mirror', writable: false }]),
    ],
  });
  try {
    return await work(sandbox);
  } finally {
    await sandbox.teardown();
  }
}

async function lookedAt(
  sandbox: Sandbox,
  { base, agent }: CollectWish,
  { opened, mirror }: Attempt,
): Promise<(Omit<KeptChanges, 'format'> & { left: string[] }) | Withheld> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const into = (piece: Uint8Array) => {
    bytes += piece.length;
    if (bytes > mostTold) throw new Problem('too_large', 'It changed more files than can be told.');
    pieces.push(piece);
    return Promise.resolve();
  };
  const said = await runScript(sandbox, {
    text: lookScript,
    words: [base, agent, String(mostBytes), opened ? 'opened' : '', mirror ?? ''],
    timeoutMs: longest,
    into,
  });
  const out = Buffer.concat(pieces);
  const [line = '', head = '', last = ''] =
    /^[0-9a-f]{40,64} ([0-9a-f]{40,64}) ([0-9a-f]{40,64})\n/.exec(out.subarray(0, 200).toString('latin1')) ??
    [];
  if (said.code === 49) return 'closed';
  if (said.code === 41) return 'gone';
  if (said.code === 48) throw tooLarge();
  if (said.code !== 0 || line === '') throw unreadable(said);
  const [missing = none, raw = none, numbers = none, fresh = none, count = none, log = none] = partsOf(
    out.subarray(line.length),
  );
  const files = readFiles(raw, numbers, fresh);
  return {
    base,
    head,
    last,
    files,
    count: Number(count.toString() || '0'),
    commits: readCommits(log),
    left: namesOf(missing),
  };
}

const mostNamed = 100;

const namesOf = (bytes: Buffer): string[] =>
  bytes
    .toString()
    .split('\0')
    .filter((name) => name !== '')
    .slice(0, mostNamed)
    .map((name) => name.slice(0, 8192));

const none: Buffer = Buffer.alloc(0);

/** Each with its length before it. */
function partsOf(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    const length = end < 0 ? NaN : Number(bytes.subarray(at, end).toString('latin1'));
    if (!(Number.isInteger(length) && length >= 0 && end + 1 + length <= bytes.length)) {
      throw new Problem('conflict', 'What it changed cannot be told: git was cut off.');
    }
    parts.push(bytes.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
  }
  return parts;
}

/** Into a file of our own, by way of the sandbox's output: it never writes where we read. */
async function stream(sandbox: Sandbox, git: string, words: readonly string[], to: string): Promise<void> {
  const file = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  await once(file, 'open');
  let bytes = 0;
  const into = async (piece: Uint8Array) => {
    bytes += piece.length;
    if (bytes > mostBytes) throw tooLarge();
    if (!file.write(piece)) await once(file, 'drain');
  };
  try {
    const said = await runScript(sandbox, { text: inOurs + git, words, timeoutMs: longest, into });
    if (said.code !== 0) throw unreadable(said);
  } finally {
    file.end();
    await finished(file);
  }
}

const tooLarge = () => new Problem('too_large', `What it changed is more than ${mostBytes / 2 ** 20} MiB.`);

function unreadable({ code, err }: Said): Problem {
  return new Problem('conflict', `What it changed cannot be told: ${err.slice(-300) || `code ${code}`}.`);
}

/** Below a session's own folder. */
export const workPlaces = (session: string) => ({
  clone: join(session, 'clone'),
  aside: join(session, 'aside'),
  input: join(session, 'input'),
  kept: join(session, 'work'),
});
