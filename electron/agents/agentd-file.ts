import { resolve } from 'node:path';
import type { Declaration } from '../../shared/agent.ts';
import type { PlacedProblem } from '../base/placed-text.ts';
import { placeToml } from '../base/placed-toml.ts';
import { readFields } from '../base/read-fields.ts';
import { agentdProblems } from './agentd/agentd-rules.ts';
import { type AgentdAgent, type AgentdFile, agentdSchema } from './agentd/agentd-schema.ts';

export interface ReadAgentdFile {
  /** Empty where there are problems. */
  readonly agents: readonly Declaration[];
  readonly problems: readonly PlacedProblem[];
  /** What is different here, one sentence each. */
  readonly notes: readonly string[];
}

/** Reads an `agentd.toml` that lies in a folder; its agents are whole declarations here. */
export function readAgentdFile(text: string, folder: string): ReadAgentdFile {
  const read = readFields(text, agentdSchema(), 'It declares nothing.', placeToml);
  if (!read.value) return { agents: [], problems: read.problems, notes: [] };
  const { placed, value: file } = read;
  const problems: PlacedProblem[] = [];
  const tell = (path: readonly PropertyKey[], message: string) => problems.push(placed.at(path, message));
  daemonProblems(file, tell);
  const { agents: now = [], profiles = [] } = file;
  if (now.length > 0 && profiles.length > 0) {
    tell(['profiles'], 'It has “agents” and “profiles”, which are the same in two versions: one of them.');
  }
  const list = now.length > 0 ? 'agents' : 'profiles';
  const agents = agentsOf(file);
  if (agents.length === 0) tell([], 'It has no agents: at least one is needed.');
  const declarations = agents.map((agent) => declarationOf(agent, folder));
  const seen = new Set<string>();
  agents.forEach((agent, i) => {
    if (seen.has(agent.name)) tell([list, i, 'name'], `“${agent.name}” is declared twice.`);
    seen.add(agent.name);
    for (const { path, message } of agentdProblems(agent, declarations[i]!))
      tell([list, i, ...path], message);
  });
  if (problems.length > 0) return { agents: [], problems, notes: [] };
  return { agents: declarations, problems, notes: notesOf(file, agents) };
}

function agentsOf({ agents = [], profiles = [] }: AgentdFile): AgentdAgent[] {
  return [
    ...agents.map(({ command, ...rest }) => ({ ...rest, argv: command.argv, byRuna: true })),
    ...profiles.map(({ command, ...rest }) => ({ ...rest, argv: command, byRuna: false })),
  ];
}

function declarationOf(agent: AgentdAgent, folder: string): Declaration {
  const { name, base_image: image, methodology_dir: methodology, repo, schedule, byRuna } = agent;
  // An empty source is none.
  const token = agent.repo_token_source === '' ? undefined : agent.repo_token_source;
  return {
    name,
    sandbox: { kind: 'container', image },
    ...(schedule === undefined ? {} : { lifecycle: `scheduled(${schedule})` }),
    command: {
      ...(byRuna ? { preset: 'runa' as const } : {}),
      argv: [...agent.argv],
      ...(repo === undefined ? {} : { repository: repo }),
      ...(token === undefined ? {} : { clone_token: token }),
      methodology: resolve(folder, methodology),
      ...(agent.mounts.length > 0 ? { mounts: agent.mounts } : {}),
      ...(agent.credentials.length > 0
        ? { credentials: agent.credentials.map((each) => ({ secret: each.source, variable: each.name })) }
        : {}),
    },
  };
}

function daemonProblems(
  { daemon }: AgentdFile,
  tell: (path: readonly PropertyKey[], message: string) => void,
): void {
  for (const [field, said] of Object.entries(daemon ?? {})) {
    if (said?.trim() === '') tell(['daemon', field], `The ${field} of the daemon is empty.`);
  }
}

function notesOf({ daemon }: AgentdFile, agents: readonly AgentdAgent[]): string[] {
  const names = (some: readonly AgentdAgent[]) => some.map(({ name }) => `“${name}”`).join(', ');
  const notes: string[] = [];
  if (daemon) {
    notes.push(
      'What stands under [daemon] is not taken over: Holdfast has its own socket, lock and records.',
    );
  }
  const sources = agents.flatMap((agent) => [
    ...agent.credentials.map(({ source }) => source),
    ...(agent.repo_token_source ? [agent.repo_token_source] : []),
  ]);
  for (const source of new Set(sources)) {
    notes.push(
      `The secret “${source}” takes the place of that variable: store it with \`holdfast secrets set ${source} --from-env ${source}\`.`,
    );
  }
  notes.push(
    `No host can be reached by ${names(agents)}, where agentd left the network open: name those they need under “network”.`,
  );
  const whole = agents.filter(({ byRuna }) => !byRuna);
  if (whole.length > 0) {
    notes.push(
      `The command of ${names(whole)} is the whole of a session, as it was; what it read at /agentd/methodology lies at /holdfast/methodology.`,
    );
  }
  return notes;
}
