import { dirname } from 'node:path/posix';
import type { Agent } from '../../../shared/agent.ts';
import type { AgentCommand } from '../../../shared/command-agent.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Preset } from '../presets/preset-schema.ts';
import type { GatewayPlace, WorkCommand } from '../work-command.ts';
import { filler, mcpAddress } from './given-by-preset.ts';
import { joinedTexts } from './joined-variables.ts';
import { homeOf, overlap } from './mount-rules.ts';

/** What a program reads from a file, and from nowhere else. */
export interface HomeFile {
  /** Below its home. */
  readonly path: string;
  readonly text: string;
}

/**
 * What has to lie below an agent’s home; null: nothing. A folder of the person’s that is mounted there is never written
 * to: with it its own settings count, a sign-in among them.
 */
export function homeFileFor(
  { name, command }: Pick<Agent, 'name'> & { readonly command: AgentCommand },
  { home_file: file, credential }: Preset,
  place: GatewayPlace | null,
): HomeFile | null {
  if (!file) return null;
  const { path, with_key: withKey, with_mcp: withMcp } = file;
  const at = `${homeOf(name)}/${path}`;
  const mount = command.mounts.find(({ target }) => overlap(target, at));
  const told = command.mcp && place && withMcp ? filler({ mcp: mcpAddress(place.url) })(withMcp) : null;
  if (mount && told !== null) {
    throw new Problem(
      'invalid_input',
      `“${name}” cannot be told of Holdfast: that stands in ${at}, where its file mounts ${mount.source}.`,
      'Give it a key instead of that folder, or leave “mcp” out.',
    );
  }
  const hasKey = command.credentials.some(({ variable }) => variable === credential?.variable);
  const settled = hasKey && !mount ? withKey : undefined;
  const text = told === null ? settled : joinedTexts(settled, told);
  return text === undefined ? null : { path, text };
}

/** Read by the script alone: nothing of the file is ever part of it. */
const variable = 'HOLDFAST_HOME_FILE';

/** The same, with the file laid down first. */
export function withHomeFile(line: WorkCommand, file: HomeFile | null): WorkCommand {
  if (file === null) return line;
  const at = `"$HOME"/${file.path}`;
  const script = `mkdir -p "$HOME"/${dirname(file.path)} && printf '%s' "$${variable}" > ${at} && unset ${variable} && exec "$@"`;
  return {
    ...line,
    argv: ['/bin/sh', '-c', script, 'holdfast', ...line.argv],
    variables: { ...line.variables, [variable]: file.text },
  };
}
