import type { Agent } from '../../../shared/agent.ts';
import type { AgentCommand } from '../../../shared/command-agent.ts';
import type { FormField } from './agent-form.ts';

/** The fields of an agent that is a command. Lists of mounts and secrets are lines of their own in the file. */
export function commandFields(agent: Agent, command: AgentCommand): FormField[] {
  const of = (field: string, label: string, value: string | null, hint?: string): FormField => ({
    field: `command.${field}`,
    label,
    kind: 'words',
    value: value ?? '',
    ...(hint === undefined ? {} : { hint }),
  });
  return [
    { field: 'description', label: 'What it is for', kind: 'words', value: agent.description },
    ...argvField(command),
    of(
      'repository',
      'Repository',
      command.repository,
      'https://…, http://…, git://…, or a folder from “/” on; empty: named at each start.',
    ),
    of('branch', 'Branch', command.branch, 'Empty: the repository’s own.'),
    of('clone_token', 'Secret for the clone', command.cloneToken, 'Its name; it is sent over https alone.'),
    of('methodology', 'Methodology', command.methodology, 'A folder with a manifest.toml.'),
    {
      field: 'system_prompt',
      label: 'What it is told each time',
      kind: 'text',
      value: agent.systemPrompt,
      hint: 'Before what it is asked; only known agents are told anything.',
    },
    {
      field: 'network',
      label: 'Hosts it may reach',
      kind: 'lines',
      value: agent.network.join('\n'),
      hint: 'One on a line, as in “example.org:443”.',
    },
    {
      field: 'limits.seconds',
      label: 'Seconds it may take',
      kind: 'number',
      value: agent.limits.seconds === null ? '' : String(agent.limits.seconds),
    },
    {
      field: 'sandbox.image',
      label: 'Image',
      kind: 'words',
      value: agent.sandbox.image ?? '',
      hint: 'For a container.',
    },
  ];
}

/** Only a person’s own command is edited here: what a preset runs is the preset’s. */
function argvField({ preset, argv }: AgentCommand): FormField[] {
  if (preset !== null && preset !== 'script') return [];
  if (argv.some((argument) => argument.includes('\n'))) return [];
  return [
    {
      field: 'command.argv',
      label: 'Command',
      kind: 'lines',
      value: argv.join('\n'),
      hint: 'One argument on a line.',
    },
  ];
}

/** What it is, for those who only look. */
export function commandFacts({ command, limits }: Agent & { command: AgentCommand }): [string, string][] {
  const secrets = command.credentials.map(({ secret, variable, file }) =>
    variable === null ? `${secret} as the file ${file ?? ''}` : `${secret} as ${variable}`,
  );
  const mounts = command.mounts.map(
    ({ source, target, readOnly }) => `${source} at ${target}${readOnly ? '' : ', changed in place'}`,
  );
  return [
    ['Command', command.argv.map((argument) => argument.split('\n', 1)[0]).join(' ')],
    ['Repository', command.repository ?? 'named at each start'],
    ['Branch', command.branch ?? 'the repository’s own'],
    ['Methodology', command.methodology ?? 'none'],
    ['Model', command.gateway ? 'through Holdfast' : 'its own'],
    ['Secrets', secrets.join(', ') || 'none'],
    ['Mounts', mounts.join(', ') || 'none'],
    ['Runs on', command.terminal ? 'a terminal' : 'plain pipes'],
    ['Time', limits.seconds === null ? 'not limited by its file' : `at most ${limits.seconds} seconds`],
  ];
}
