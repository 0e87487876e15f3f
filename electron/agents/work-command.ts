import type { Agent } from '../../shared/agent.ts';
import type { AgentCommand } from '../../shared/command-agent.ts';
import { Problem } from '../../shared/problem.ts';
import { givenByPreset } from './commands/given-by-preset.ts';
import type { Preset } from './presets/preset-schema.ts';
import { attachmentFolder } from './input-places.ts';
import type { PreparedInput } from './work-input.ts';

/** Where a session finds models and Holdfast, seen from inside: an address without a path, and a token of that session. */
export interface GatewayPlace {
  readonly url: string;
  readonly token: string;
}

export interface WorkCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Given to the command alone: the gateway’s token is among them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of this machine, to be seen at the same place and to be read only: where the program lies. */
  readonly folders: readonly string[];
}

export interface WorkGiven {
  /** Names below `attachmentFolder`. */
  readonly attachments?: readonly string[];
  readonly gateway?: GatewayPlace | null;
}

/** The system takes no longer argument than this, less what it needs itself. */
const longestArgument = 120_000;

/**
 * What is run in the sandbox for an agent and its input. Nothing of an input becomes part of a script or of another
 * argument: it is one argument by itself, or a variable.
 */
export function workCommand(
  { name, systemPrompt, command }: Pick<Agent, 'name' | 'systemPrompt'> & { readonly command: AgentCommand },
  preset: Preset,
  input: PreparedInput,
  { attachments = [], gateway = null }: WorkGiven = {},
): WorkCommand {
  const prompt = promptOf(systemPrompt, input, attachments);
  const given = givenByPreset(command, preset, gateway);
  return {
    argv: withPrompt(withOptions(command.argv, given.options), prompt, { name, command }),
    environment: {
      ...command.environment,
      ...input.environment,
      AGENT_NAME: name,
    },
    variables: given.variables,
    folders: [],
  };
}

/** Where nothing says otherwise, options come before whatever the program is told to do. */
function withOptions(argv: readonly string[], options: readonly string[]): string[] {
  const at = argv.indexOf('{options}');
  return at < 0 ? argv.toSpliced(1, 0, ...options) : argv.toSpliced(at, 1, ...options);
}

const promptMark = '{prompt}';

function withPrompt(
  argv: readonly string[],
  prompt: string | null,
  { name, command }: { name: string; command: AgentCommand },
): string[] {
  // Only what is known to be a prompt is one: a person’s own script may mean these letters.
  if (command.preset === null || command.preset === 'script' || command.preset === 'runa') return [...argv];
  const at = argv.indexOf(promptMark);
  if (at < 0) return [...argv];
  if (prompt !== null) {
    // What begins with a dash would be read as an option.
    return argv.with(at, prompt.startsWith('-') ? ` ${prompt}` : prompt);
  }
  if (command.terminal) {
    const option = argv[at - 1];
    return argv.toSpliced(option === '-i' ? at - 1 : at, option === '-i' ? 2 : 1);
  }
  throw new Problem(
    'invalid_input',
    `“${name}” has nothing to do: it was told nothing.`,
    'Hand it a request, as in `--request "…"`, or let its “system_prompt” say what it does each time.',
  );
}

function promptOf(
  systemPrompt: string,
  { told, environment }: PreparedInput,
  attachments: readonly string[],
): string | null {
  const attached =
    attachments.length === 0
      ? null
      : `Attached, to be read only: ${attachments.map((file) => `${attachmentFolder}/${file}`).join(', ')}`;
  const whole = joined([systemPrompt, told, attached]);
  if (whole === null || Buffer.byteLength(whole) <= longestArgument) return whole;
  const { HOLDFAST_INPUT: file } = environment;
  const shorter = joined([
    systemPrompt,
    file === undefined ? told : `Do what ${file} says: read it first.`,
    attached,
  ]);
  if (shorter !== null && Buffer.byteLength(shorter) <= longestArgument) return shorter;
  throw new Problem(
    'too_large',
    `What the agent is told has more than ${longestArgument.toLocaleString('en')} bytes.`,
    'Attach the long part as a file.',
  );
}

function joined(parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part.trim() !== '');
  return said.length === 0 ? null : said.join('\n\n');
}
