/** What is known of a program, for deciding and for proposing rules. */
export interface Program {
  /** Options that have it run something, write elsewhere, or work on another place than the one it is called in. */
  readonly risky?: readonly string[];
  /** Words anywhere among its arguments that do the same. */
  readonly riskyWords?: readonly RegExp[];
  /** Options that its first argument may hold without a dash. */
  readonly riskyFirst?: RegExp;
  /** Only looks: a rule for it with any arguments can be proposed. */
  readonly looks?: boolean;
  /** First arguments that only look, such as `status` of git. */
  readonly looking?: readonly string[];
  /** Runs what it is given, or what lies in the folder: allowing it allows anything. */
  readonly runsAnything?: boolean;
}

const looks: Program = { looks: true };
const anything: Program = { runsAnything: true };

const named = (names: string, program: Program): [string, Program][] =>
  names.split(' ').map((name) => [name, program]);

/** Shells that are looked into where their line is literal; the grammar is bash’s, so only bash is. */
export const bashNames = ['bash', '/bin/bash', '/usr/bin/bash'];

export const programs = new Map<string, Program>([
  ...named(
    'cat head tail wc ls nl tac rev cut paste comm cmp stat file basename dirname realpath readlink du df od hexdump md5sum sha1sum sha256sum sha512sum cksum id whoami uname hostname date pwd echo printf true false test expr seq which tree jq column fold expand tr strings',
    looks,
  ),
  ['file', { looks: true, risky: ['-C', '--compile', '-m', '--magic-file'] }],
  ['tree', { looks: true, risky: ['-o'] }],
  // `%n` sets the variable that the next argument names, PATH for example.
  ['printf', { looks: true, risky: ['-v'], riskyWords: [/%[-+ #0'*.\d]*[hjlLqtz]*n/] }],
  ['test', { looks: true, risky: ['-v', '-R'] }],
  ['[', { looks: true, risky: ['-v', '-R'] }],
  ...named('grep egrep fgrep diff', looks),
  ['rg', { looks: true, risky: ['--pre', '--hostname-bin', '--search-zip', '-z'] }],
  ['sort', { looks: true, risky: ['-o', '--output', '--compress-program', '-T', '--temporary-directory'] }],
  [
    'find',
    {
      looks: true,
      risky: [
        '-exec',
        '-execdir',
        '-ok',
        '-okdir',
        '-delete',
        '-fprint',
        '-fprint0',
        '-fprintf',
        '-fls',
        '-files0-from',
      ],
    },
  ],
  ['fd', { looks: true, risky: ['-x', '--exec', '-X', '--exec-batch'] }],
  [
    'git',
    {
      risky: [
        '-c',
        '-C',
        '-O',
        '-x',
        '-o',
        '-u',
        '--config-env',
        '--exec-path',
        '--git-dir',
        '--work-tree',
        '--namespace',
        '--ext-diff',
        '--textconv',
        '--upload-pack',
        '--receive-pack',
        '--exec',
        '--open-files-in-pager',
        '--output',
        '--template',
        '--config',
        '--edit',
        '--interactive',
      ],
      riskyWords: [/^ext::/, /^[a-z]+::/],
      looking: [
        'status',
        'log',
        'diff',
        'show',
        'blame',
        'rev-parse',
        'ls-files',
        'ls-tree',
        'describe',
        'shortlog',
      ],
    },
  ],
  [
    'tar',
    {
      risky: [
        '--to-command',
        '--checkpoint-action',
        '--use-compress-program',
        '-I',
        '--rsh-command',
        '--rmt-command',
        '-F',
        '--info-script',
        '--new-volume-script',
        '-T',
        '--files-from',
      ],
      riskyFirst: /^[A-Za-z]*[FIT]/,
    },
  ],
  ['rsync', { risky: ['-e', '--rsh', '--rsync-path', '--daemon', '--files-from'] }],
  ['zip', { risky: ['-TT', '--unzip-command', '-T'] }],
  [
    'curl',
    {
      risky: [
        '-K',
        '--config',
        '-o',
        '-O',
        '--output',
        '--output-dir',
        '--remote-name',
        '--libcurl',
        '--engine',
        '--proxy',
        '-x',
        '-T',
        '--upload-file',
        '-D',
        '--dump-header',
        '-c',
        '--cookie-jar',
        '--trace',
        '--trace-ascii',
        '--stderr',
        '--etag-save',
        '--hsts',
        '--alt-svc',
        '-w',
        '--write-out',
        '--unix-socket',
        '--abstract-unix-socket',
      ],
    },
  ],
  ['wget', { risky: ['--use-askpass', '-e', '--execute', '-i', '--config'] }],
  ['scp', { risky: ['-o', '-S', '-F'] }],
  ['date', { looks: true, risky: ['-s', '--set', '-f', '--file'] }],
  ...named(
    'ssh sed sh dash ash zsh ksh fish csh tcsh bash python python2 python3 node deno bun ruby perl php lua tclsh guile Rscript julia awk gawk mawk nawk m4 expect gdb lldb vi vim nvim emacs ed ex less more man screen tmux script parallel make gmake cmake ninja meson bazel cargo npm npx pnpm yarn tsx ts-node vitest jest mocha pytest tox go rustc gcc cc clang mvn gradle ant docker podman kubectl systemd-run at batch crontab eval source . trap alias enable shopt set export declare typeset local readonly unset hash bind complete compgen mapfile readarray read let wait',
    anything,
  ),
]);

/** Builtins whose arguments are evaluated, or that change what later words mean: never by a pattern. */
export const evaluating = new Set(
  'eval source . trap alias enable shopt set export declare typeset local readonly unset hash bind complete compgen mapfile readarray read let getopts wait jobs fc history'.split(
    ' ',
  ),
);

/** Do nothing outside the shell by themselves. */
export const harmless = new Set([
  'true',
  'false',
  ':',
  'echo',
  'printf',
  'pwd',
  'test',
  '[',
  'exit',
  'return',
  'break',
  'continue',
]);

export function programOf(argv: readonly string[]): Program | undefined {
  const name = argv[0] ?? '';
  return programs.get(name) ?? programs.get(name.slice(name.lastIndexOf('/') + 1));
}

/** The argument that makes this program do more than its name says, or null. Abbreviated and joined options count. */
export function riskyArgument(argv: readonly string[]): string | null {
  const program = programOf(argv);
  if (!program) return null;
  const { risky = [], riskyWords = [], riskyFirst } = program;
  const [, first] = argv;
  if (first !== undefined && riskyFirst?.test(first) === true) return first;
  for (const word of argv.slice(1)) {
    if (riskyWords.some((pattern) => pattern.test(word))) return word;
    if (risky.some((option) => isOption(option, word))) return word;
  }
  return null;
}

function isOption(option: string, word: string): boolean {
  if (word === option) return true;
  if (option.startsWith('--')) {
    // Programs take a beginning of a long option for the whole.
    const [name = ''] = word.split('=', 1);
    return name.startsWith('--') && name.length > 2 && option.startsWith(name);
  }
  if (!word.startsWith('-') || word.startsWith('--')) return false;
  // A word such as `-exec` is one option; a single letter may stand among others or before its value.
  return option.length === 2 ? word.slice(1).includes(option[1]!) : word.startsWith(option);
}
