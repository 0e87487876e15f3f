import { Problem } from '../../../shared/problem.ts';
import type { Said } from './run-script.ts';

/**
 * What there is at $1, and what in this folder. The token, if there is one, goes along as one header: first as most
 * servers take it, then as those do that know only names and passwords.
 */
const reachScript = `
url=$1
: >/tmp/here.as-told
if [ -f HEAD ]; then
  git for-each-ref --format='%(objectname)%09%(refname)' refs/heads refs/tags >/tmp/here.as-told &
fi
header() {
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$url.extraHeader" GIT_CONFIG_VALUE_0="Authorization: $1"
  export GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
}
case "$url" in git://*)
  cat >/tmp/git-proxy <<'END'
#!/bin/bash
exec 3<>"/dev/tcp/127.0.0.1/3128" || exit 1
printf 'CONNECT %s:%s HTTP/1.1\\r\\nHost: %s:%s\\r\\n\\r\\n' "$1" "$2" "$1" "$2" >&3
IFS= read -r answer <&3
case "$answer" in *" 200"*) ;; *) echo "proxy: $answer" >&2; exit 1;; esac
while IFS= read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
cat <&3 &
cat >&3
wait
END
  chmod 700 /tmp/git-proxy
  # No shell closes half of a connection: in this version of the protocol the server knows by itself when it is done.
  git config --global protocol.version 0
  GIT_PROXY_COMMAND=/tmp/git-proxy; export GIT_PROXY_COMMAND;;
esac
# Outside of a repository, git takes whatever names of objects the other side has.
look() { (cd / && git ls-remote --symref -- "$url" HEAD 'refs/heads/*' 'refs/tags/*') >/tmp/remote; }
if [ -f /run/secrets/clone-token ]; then
  token=$(cat /run/secrets/clone-token)
  header "Bearer $token"
  if ! look 2>/tmp/first; then
    header "Basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\\n')"
    look || exit 10
  fi
else
  look || exit 10
fi
tab=$(printf '\\t')
grep "^[0-9a-f]*\${tab}refs/\\(heads\\|tags\\)/[^^]*$" /tmp/remote | sort >/tmp/there
wait
sort </tmp/here.as-told >/tmp/here
isSame() { cmp -s /tmp/there /tmp/here; }
`;

/**
 * Whether the repository at $1 is as the one in this folder, which it only reads: ends with 12 where it is not, and
 * tells the sum of what both have where it is.
 */
export const lookScript = `${reachScript}
isSame || exit 12
told=
while read -r one two three; do
  if [ "$one" = ref: ]; then told="ref: $two"; break; fi
  if [ "$two" = HEAD ]; then told=$one; break; fi
done </tmp/remote
IFS= read -r head <HEAD
[ -z "$told" ] || [ "$head" = "$told" ] || exit 12
printf '%s\\n' "$told" | cat - /tmp/there | sha256sum
head -c 64 /tmp/there
exit 0
`;

/** What a look that found both the same tells of them. */
export function sameIn({ code, out }: Said): Same | null {
  const [, sum, object] = /^([0-9a-f]{64})  -\n([0-9a-f]+)/.exec(out.toString('latin1')) ?? [];
  return code === 0 && sum !== undefined && object !== undefined ? { sum, digits: object.length } : null;
}

export interface Same {
  readonly sum: string;
  /** Of how many digits the names of its objects are. */
  readonly digits: number;
}

/** Brings the repository in this folder up to date with $1. */
export const fetchScript = `
# Whoever held these was killed: nobody else is at work here.
find . -name '*.lock' -type f -delete
rm -f objects/pack/tmp_* objects/*/tmp_obj_*
${reachScript}
if ! [ -f HEAD ]; then
  format=sha1
  grep -q '^[0-9a-f]\\{64\\}'"$tab" /tmp/remote && format=sha256
  git init -q --bare --template= --object-format="$format" . || exit 30
fi
isSame || git fetch -q --prune --no-write-fetch-head -- "$url" '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*' || exit 11
while read -r one two three; do
  if [ "$one" = ref: ]; then git symbolic-ref HEAD "$two"; break; fi
  if [ "$two" = HEAD ]; then git update-ref --no-deref HEAD "$one"; break; fi
done </tmp/remote
exit 0
`;

/** Whether its host has something else than the mirror. */
export const differs = ({ code }: Said): boolean => code === 12;

/** Why a fetch did not succeed, by what git complained of; null where it did. */
export function fetchProblem({ code, err }: Said, wish: FetchedFrom): Problem | null {
  if (code === 0) return null;
  const { url, token } = wish;
  const last = err.split('\n').slice(-3).join(' ').slice(0, 400);
  if (
    /Authentication failed|could not read (Username|Password)|terminal prompts disabled|error: 40[13]\b/i.test(
      err,
    )
  ) {
    return token
      ? new Problem(
          'forbidden',
          `${url} is not given for the token “${token.name}”.`,
          `Store another one with \`holdfast secrets set ${token.name}\`, or look at what it may read.`,
        )
      : new Problem(
          'forbidden',
          `${url} asks who is there: it is private, or there is none of that name.`,
          'Name a stored secret as “clone_token” of the agent, and look at how the address is spelled.',
        );
  }
  if (/certificate/i.test(err)) {
    return new Problem(
      'forbidden',
      `${url} shows a certificate that this machine does not trust: ${last}`,
      'Let this machine trust whoever signed it: put their certificate into /usr/local/share/ca-certificates as a file that ends with .crt, and run `sudo update-ca-certificates`.',
    );
  }
  if (/not found|error: 404\b|does not exist|access denied or repository not exported/i.test(err)) {
    return new Problem('not_found', `There is no repository at ${url}.`, 'Look at how it is spelled.');
  }
  return new Problem(
    'unreachable',
    `${url} cannot be fetched: ${last}`,
    'Look at the network, or try again.',
  );
}

/** Whether the mirror itself is what is wrong, such as after a disk was full: it is made anew then. */
export const isBroken = ({ err }: Said): boolean =>
  /not a git repository|corrupt|bad object|loose object|missing (blob|tree|object)|mismatched algorithms/i.test(
    err,
  );

export interface FetchedFrom {
  readonly url: string;
  readonly token: { readonly name: string } | null;
}
