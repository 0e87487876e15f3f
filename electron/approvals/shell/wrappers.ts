/** A program that runs another one, given in its arguments. */
export interface Wrapper {
  /** Options that stand alone; those of one letter may be written together. */
  readonly flags: readonly string[];
  /** Options with a value, in the next argument or attached. */
  readonly valued: readonly string[];
  /** How many arguments of its own come before the program. */
  readonly own: number;
  /** It gives the program further arguments that nobody knows now. */
  readonly open?: boolean;
  /** Why only a rule that spells the whole command out allows it. */
  readonly careful?: string;
}

const plain: Wrapper = { flags: [], valued: [], own: 0 };
const asOther = (words: string): Wrapper => ({ ...plain, careful: words });

/** Looked through: what they run is judged by itself. An option that is not here makes the whole unclear. */
export const wrappers = new Map<string, Wrapper>([
  ['env', { ...plain, flags: ['-i', '-', '--ignore-environment'], valued: ['-u', '--unset'] }],
  ['nice', { ...plain, valued: ['-n', '--adjustment'] }],
  ['nohup', plain],
  ['setsid', { ...plain, flags: ['-w', '--wait', '-f', '--fork', '-c', '--ctty'] }],
  ['stdbuf', { ...plain, valued: ['-i', '-o', '-e', '--input', '--output', '--error'] }],
  ['ionice', { ...plain, flags: ['-t'], valued: ['-c', '-n', '--class', '--classdata'] }],
  [
    'timeout',
    {
      flags: ['-v', '--verbose', '--preserve-status', '--foreground'],
      valued: ['-s', '--signal', '-k', '--kill-after'],
      own: 1,
    },
  ],
  [
    'xargs',
    {
      flags: ['-0', '--null', '-r', '--no-run-if-empty', '-t', '--verbose', '-x', '--exit'],
      valued: ['-n', '--max-args', '-P', '--max-procs', '-L', '--max-lines', '-d', '--delimiter', '-s'],
      own: 0,
      open: true,
    },
  ],
  ['time', { ...plain, flags: ['-p', '-v'] }],
  ['command', plain],
  ['builtin', plain],
  ['exec', plain],
  ['sudo', asOther('runs it as another account')],
  ['doas', asOther('runs it as another account')],
  ['pkexec', asOther('runs it as another account')],
  ['setpriv', asOther('runs it with other rights')],
  ['chroot', { ...asOther('runs it in another tree'), own: 1 }],
  ['unshare', asOther('runs it in namespaces of its own')],
  ['watch', asOther('runs it again and again, through a shell')],
  ['strace', asOther('runs it under a tracer')],
  ['ltrace', asOther('runs it under a tracer')],
  ['flock', { ...asOther('runs it while it holds a file'), own: 1 }],
  ['busybox', asOther('is many programs in one')],
  ['toybox', asOther('is many programs in one')],
]);

export type Unwrapped =
  | { readonly kind: 'inner'; readonly argv: readonly string[]; readonly open: boolean }
  /** It runs nothing else, as `env` alone. */
  | { readonly kind: 'alone' }
  | { readonly kind: 'unclear'; readonly why: string };

export function unwrap(name: string, wrapper: Wrapper, args: readonly string[]): Unwrapped {
  let at = 0;
  const unclear = (why: string): Unwrapped => ({ kind: 'unclear', why });
  for (; at < args.length; at++) {
    const word = args[at]!;
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-')) break;
    const taken = optionTaken(wrapper, word);
    if (taken === null) return unclear(`what ${name} makes of “${word}” is not known here`);
    at += taken;
  }
  if (name === 'env' && /^[^=]+=/.test(args[at] ?? '')) return unclear('sets a variable for what it runs');
  at += wrapper.own;
  const argv = args.slice(at);
  return argv.length === 0 ? { kind: 'alone' } : { kind: 'inner', argv, open: wrapper.open === true };
}

/** How many further arguments the option takes; null where it is not known. */
function optionTaken({ flags, valued }: Wrapper, word: string): number | null {
  if (flags.includes(word)) return 0;
  if (valued.includes(word)) return 1;
  if (word.startsWith('--')) {
    const [name = ''] = word.split('=', 1);
    return word.includes('=') && valued.includes(name) ? 0 : null;
  }
  if (valued.includes(word.slice(0, 2))) return 0;
  return word
    .slice(1)
    .split('')
    .every((letter) => flags.includes(`-${letter}`))
    ? 0
    : null;
}
