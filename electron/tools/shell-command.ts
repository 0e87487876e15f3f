/**
 * How a line is run by the shell that it was read for: nobody's start-up files, and nothing in the line taken for an
 * option. The environment has to be one that was built from nothing, without `BASH_ENV` and functions.
 */
export function shellCommand(line: string): readonly string[] {
  return ['bash', '--norc', '--noprofile', '-c', '--', line];
}

/** The line that a command has the shell run; null where it is no such command. */
export function shellLine(argv: readonly string[]): string | null {
  const line = argv.at(-1) ?? '';
  return JSON.stringify(argv) === JSON.stringify(shellCommand(line)) ? line : null;
}
