/**
 * How a line is run by the shell that it was read for: nobody's start-up files, and nothing in the line taken for an
 * option. The environment has to be one that was built from nothing, without `BASH_ENV` and functions.
 */
export function shellCommand(line: string): readonly string[] {
  return ['bash', '--norc', '--noprofile', '-c', '--', line];
}
