import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Place {
  /** The words that lead here, without the program's name. */
  readonly path: string;
  readonly summary: string;
  readonly verbs: readonly string[];
  readonly options: readonly { readonly flag: string; readonly description: string }[];
}

/** Every place in the tree of verbs, with the words that can follow there. */
function places(command: Command, path = ''): Place[] {
  const here: Place = {
    path,
    summary: command.summary(),
    verbs: command.commands.map((child) => child.name()),
    options: [
      ...command.options.flatMap(({ long, description }) => (long ? [{ flag: long, description }] : [])),
      { flag: '--help', description: 'say how to use it' },
    ],
  };
  return [here, ...command.commands.flatMap((child) => places(child, `${path} ${child.name()}`.trim()))];
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function bash(all: readonly Place[]): string {
  const known = all.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const words = all.map(
    ({ path, verbs, options }) =>
      `    ${quoted(path)}) words=${quoted([...verbs, ...options.map(({ flag }) => flag)].join(' '))} ;;`,
  );
  return `_holdfast() {
  local current="\${COMP_WORDS[COMP_CWORD]}" place="" next words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${place:+$place }\${COMP_WORDS[i]}"
    case "$next" in
      ${known.join('|')}) place="$next" ;;
    esac
  done
  case "$place" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _holdfast holdfast
`;
}

const zshStart = '#compdef holdfast\nautoload -U +X bashcompinit && bashcompinit\n';

function fish(all: readonly Place[]): string {
  const lines = all.flatMap(({ path, verbs, options }) => {
    const steps = path.split(' ').filter((word) => word !== '');
    const seen = steps.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    const condition = steps.length === 0 ? '__fish_use_subcommand' : seen;
    const inside =
      verbs.length > 0 && steps.length > 0
        ? `${condition}; and not __fish_seen_subcommand_from ${verbs.join(' ')}`
        : condition;
    const summaryOf = (verb: string) =>
      all.find((place) => place.path === `${path} ${verb}`.trim())?.summary ?? '';
    return [
      ...verbs.map(
        (verb) => `complete -c holdfast -f -n ${quoted(inside)} -a ${verb} -d ${quoted(summaryOf(verb))}`,
      ),
      ...options.map(
        ({ flag, description }) =>
          `complete -c holdfast -n ${quoted(condition)} -l ${flag.slice(2)} -d ${quoted(description)}`,
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** What a shell has to read to complete our words, made from the tree of verbs itself. */
export function completionScript(program: Command, shell: Shell): string {
  const all = places(program);
  if (shell === 'fish') return fish(all);
  return shell === 'zsh' ? zshStart + bash(all) : bash(all);
}
