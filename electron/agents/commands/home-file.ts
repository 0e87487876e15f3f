import { dirname } from 'node:path/posix';
import type { AgentCommand } from '../../../shared/command-agent.ts';
import { Problem } from '../../../shared/problem.ts';
import type { WorkCommand } from '../work-command.ts';
import { homeOf, overlap } from './mount-rules.ts';

/** What a program reads from a file, and from nowhere else. */
export interface HomeFile {
  /** Below its home. */
  readonly path: string;
  readonly text: string;
}

/** Read by the script alone: nothing of the file is ever part of it. */
const variable = 'HOLDFAST_HOME_FILE';

/** The same, with the file laid down first; a folder of the person’s, who may have one of their own, is never written to. */
export function withHomeFile(
  line: WorkCommand,
  { name, mounts }: { name: string; mounts: AgentCommand['mounts'] },
): WorkCommand {
  const { homeFile: file } = line;
  if (file === null) return line;
  const place = `${homeOf(name)}/${file.path}`;
  const mount = mounts.find(({ target }) => overlap(target, place));
  if (mount) {
    throw new Problem(
      'invalid_input',
      `“${name}” cannot be told of Holdfast: that stands in ${place}, where its file mounts ${mount.source}.`,
      'Give it a key instead of that folder, or leave “mcp” out.',
    );
  }
  const at = `"$HOME"/${file.path}`;
  const script = `mkdir -p "$HOME"/${dirname(file.path)} && printf '%s' "$${variable}" > ${at} && exec "$@"`;
  return {
    ...line,
    argv: ['/bin/sh', '-c', script, name, ...line.argv],
    variables: { ...line.variables, [variable]: file.text },
  };
}
