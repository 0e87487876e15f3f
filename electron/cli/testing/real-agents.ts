import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type ModelStandIn,
  type Scripted,
  startModelStandIn,
  type StandInRequest,
} from '../../../e2e/stand-in-models/stand-in.ts';
import type { PresetName } from '../../../shared/command-agent.ts';
import type { Session } from '../../../shared/session.ts';
import { answerOf, holdfast, type Said, startDaemon, testFolder } from './launch.ts';

export interface RealAgent {
  readonly preset: PresetName;
  readonly program: string;
  readonly package: string;
  readonly wire: 'messages' | 'chat';
  /** How it has a file written. */
  readonly writes: (request: StandInRequest, file: string, text: string) => Scripted['calls'];
}

const shell = (name: string, text: string, file: string) => `printf '%s' '${text}' > ${file}; echo ${name}`;

/** Command-line agents that npm has. */
export const realAgents: readonly RealAgent[] = [
  {
    preset: 'claude-code',
    program: 'claude',
    package: '@anthropic-ai/claude-code',
    wire: 'messages',
    writes: (_, file, text) => [
      { tool: 'Bash', input: { command: shell('claude', text, file), description: 'Writes a file' } },
    ],
  },
  {
    preset: 'codex',
    program: 'codex',
    package: '@openai/codex',
    wire: 'chat',
    writes: ({ tools }, file, text) =>
      tools.includes('exec_command')
        ? [{ tool: 'exec_command', input: { cmd: shell('codex', text, file) } }]
        : [{ tool: 'shell', input: { command: ['sh', '-c', shell('codex', text, file)] } }],
  },
  {
    preset: 'opencode',
    program: 'opencode',
    package: 'opencode-ai',
    wire: 'chat',
    writes: (_, file, text) => [
      { tool: 'bash', input: { command: shell('opencode', text, file), description: 'Writes a file' } },
    ],
  },
];

export const key = 'sk-the-real-key-0123456789';

interface RealPlace {
  /** Makes a repository of these files. */
  readonly repository: (folder: string, files: Readonly<Record<string, string>>) => string;
  /** Where its program is; null: where the search path has it. */
  readonly from: string | null;
  /** The engine that an image of it is made in; null: it is in a sandbox of this machine’s own files. */
  readonly container: { readonly environment: Readonly<Record<string, string>> } | null;
}

interface RealHouse {
  readonly folder: string;
  readonly data: string;
  readonly server: ModelStandIn;
}

/** A house with the agent “maker”, whose program is the real one and whose model answers as it is told to. */
export async function realHouse(
  agent: RealAgent,
  { from, container }: Pick<RealPlace, 'from' | 'container'>,
  { answer, declared = '' }: { answer: (request: StandInRequest) => Scripted; declared?: string },
): Promise<RealHouse> {
  const server = await startModelStandIn({ key, answer });
  onTestFinished(() => server.close());
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const own = join(folder, 'config', 'holdfast');
  mkdirSync(join(own, 'agents'), { recursive: true });
  writeFileSync(
    join(own, 'agents', 'maker.yaml'),
    `name: maker\ncommand: { preset: ${agent.preset}, gateway: { model: stand-in/one }${declared} }\n${container ? 'sandbox: { kind: container }\n' : ''}`,
  );
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const variables = {
    XDG_CONFIG_HOME: join(folder, 'config'),
    PATH: pathWith(from),
    ...container?.environment,
  };
  await startDaemon({ folder: data, variables });
  const wire = agent.wire === 'messages' ? server.url : server.openai;
  const provider = ['--provider', 'stand-in', '--wire', agent.wire, '--base-url', wire];
  insist(
    await holdfast(data, ['configure', ...provider, '--key-from-env', 'THEIR_KEY', '--no-test'], {
      variables: { THEIR_KEY: key },
    }),
  );
  return { folder, data, server };
}

/** Programs of agents are found before those of this machine. */
export const pathWith = (from: string | null) =>
  [...(from === null ? [] : [from]), process.env['PATH']].join(':');

/** Has one write a file by way of `holdfast run`, and applies what it did. */
export async function triedAgent(agent: RealAgent, { repository, from, container }: RealPlace) {
  const text = `written by ${agent.preset}`;
  const answer = (request: StandInRequest): Scripted => {
    const isTold = request.messages.some(({ text: said }) => said.includes('Write the file'));
    const isDone = request.messages.some(({ results }) => results.length > 0);
    if (!isTold || isDone || request.tools.length === 0) return { text: 'Done.' };
    return { calls: agent.writes(request, 'made.txt', text) ?? [] };
  };
  const { folder, data, server } = await realHouse(agent, { from, container }, { answer });
  if (container) {
    insist(await holdfast(data, ['agents', 'image', agent.preset]));
  }
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const told = ['run', 'maker', source, '--request', 'Write the file made.txt.', '--attach'];
  const ran = insist(await holdfast(data, told));
  const [session] = await answerOf<Session[]>(data, 'sessions', '--all');
  const collected = session?.work?.collected;
  insist(await holdfast(data, ['apply', session?.id ?? '', '--folder', source]), ran.stdout);
  const keys = server.requests.map(
    ({ headers }) => headers['x-api-key'] ?? headers['authorization']?.replace('Bearer ', ''),
  );
  return { made: readFileSync(join(source, 'made.txt'), 'utf8'), collected, keys };
}

export function insist(said: Said, before = ''): Said {
  const { code, stdout, stderr } = said;
  if (code !== 0) throw new Error(`it ended with ${code}: ${before}\n${stdout}\n${stderr}`);
  return said;
}
