import type { CommandPart, Part } from '../weighing/part.ts';
import { bashNames, evaluating, harmless, programOf, riskyArgument } from './programs.ts';
import { unwrap, wrappers } from './wrappers.ts';

/** Reads a line that a command hands to a shell. */
export type ReadLine = (line: string) => readonly Part[];

export interface CommandWords {
  readonly argv: readonly string[];
  /** Further arguments follow that nobody knows now. */
  readonly open: boolean;
  readonly text: string;
  /** Why what it does cannot be told, where that is known already. */
  readonly unclear: string | null;
  /** Where it would run; null where nobody knows. */
  readonly cwd: string | null;
}

/** A command with what it runs in turn: wrappers are looked through, and a literal line for bash is read again. */
export function commandParts(words: CommandWords, readLine: ReadLine, depth = 0): Part[] {
  const { argv, open, text, unclear } = words;
  const [name] = argv;
  const whole = (part: Partial<CommandPart>): Part => ({
    kind: 'command',
    argv,
    open,
    text,
    unclear,
    careful: null,
    harmless: false,
    within: false,
    ...part,
  });
  if (name === undefined || name === '')
    return [whole({ unclear: unclear ?? 'its name is not written out' })];
  if (depth > 16) return [whole({ unclear: 'it is nested too deep' })];
  const wrapper = wrappers.get(name.slice(name.lastIndexOf('/') + 1));
  if (wrapper) {
    const inner = unwrap(name, wrapper, argv.slice(1));
    if (inner.kind === 'unclear') return [whole({ unclear: unclear ?? inner.why })];
    if (inner.kind === 'alone' && open) {
      return [whole({ unclear: unclear ?? `what ${name} would run is not written out` })];
    }
    if (inner.kind === 'inner') {
      const within = commandParts(
        { ...words, argv: inner.argv, open: open || inner.open, text: inner.argv.join(' ') },
        readLine,
        depth + 1,
      );
      // A wrapper somewhere else than where programs are is another program of the same name.
      const careful = wrapper.careful ?? (name.includes('/') ? 'is run by its path' : null);
      if (careful === null) return within;
      return [whole({ careful }), ...within.map(onlyWithin)];
    }
  }
  if (bashNames.includes(name)) return shellParts(words, whole, readLine);
  if (evaluating.has(name) && !strictness(argv)) {
    const inside =
      name === 'eval' && unclear === null ? readLine(argv.slice(1).join(' ')).map(onlyWithin) : [];
    return [whole({ careful: 'its arguments are evaluated by the shell' }), ...inside];
  }
  const risky = riskyArgument(argv);
  if (risky !== null) return [whole({ careful: `“${risky}” makes it do more than look or act here` })];
  if (open && unclear === null && (programOf(argv)?.risky ?? []).length > 0) {
    return [whole({ careful: `further arguments may make ${name} do more than look or act here` })];
  }
  const nothing = harmless.has(name) || strictness(argv) || staysInside(argv, words.cwd);
  return [whole({ harmless: nothing && unclear === null && !open })];
}

/** `bash -c LINE` and nothing else: whatever else it may be given changes what the line means. */
function shellParts(
  { argv, open, unclear }: CommandWords,
  whole: (part: Partial<CommandPart>) => Part,
  readLine: ReadLine,
): Part[] {
  const at = argv.findIndex((word, i) => i > 0 && !/^-[eux]+$/.test(word));
  const line = /^-[eux]*c$/.test(argv[at] ?? '') ? argv[at + 1] : undefined;
  if (line === undefined) return [whole({})];
  const rest = argv.length > at + 2 || open;
  if (unclear !== null || line.startsWith('-') || rest) {
    const why = unclear ?? 'it gives the shell more than a line';
    return [whole({ unclear: why }), ...readLine(line).map(onlyWithin)];
  }
  return [...readLine(line)];
}

/** `set -euo pipefail` and the like: it only ends a script sooner, or shows it. */
function strictness(argv: readonly string[]): boolean {
  const [name, ...options] = argv;
  return name === 'set' && options.length > 0 && /^(-[eux]+|-[eux]*o pipefail)$/.test(options.join(' '));
}

/** `cd` to a place below where it is. */
function staysInside([name, place = '', ...more]: readonly string[], cwd: string | null): boolean {
  if (name !== 'cd' || more.length > 0 || place === '' || place.split('/').includes('..')) return false;
  if (place.startsWith('/')) return cwd !== null && (place === cwd || place.startsWith(`${cwd}/`));
  return !place.startsWith('-');
}

function onlyWithin(part: Part): Part {
  return part.kind === 'command' ? { ...part, within: true } : part;
}
