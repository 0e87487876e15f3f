import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  /** What its model is asked in by Holdfast; `gemini`: it asks by itself, and is given the key. */
  readonly wire: 'messages' | 'chat' | 'gemini';
  /** What its model says where it is asked without tools, about something else than the task. */
  readonly aside?: string;
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
  {
    preset: 'gemini',
    program: 'gemini',
    package: '@google/gemini-cli',
    wire: 'gemini',
    // Which model is to have the task.
    aside: '{"complexity_reasoning":"It is one file.","complexity_score":1}',
    writes: (_, file, text) => [
      {
        tool: 'run_shell_command',
        // It has the key, and may say it.
        input: {
          command: `${shell('gemini', text, file)} has $GEMINI_API_KEY`,
          description: 'Writes a file',
        },
      },
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

type Answering = (request: StandInRequest) => Scripted;

/** Answers what the program asks beside its task as it wants it. */
export const aside =
  ({ aside: words }: RealAgent, answer: Answering): Answering =>
  (request) =>
    words !== undefined && request.tools.length === 0 ? { text: words } : answer(request);

/** A house with the agent “maker”, whose program is the real one and whose model answers as it is told to. */
export async function realHouse(
  agent: RealAgent,
  { from, container }: Pick<RealPlace, 'from' | 'container'>,
  { answer, declared = '' }: { answer: Answering; declared?: string },
): Promise<RealHouse> {
  const server = await startModelStandIn({
    key,
    answer: aside(agent, answer),
    // A sandbox takes 127.0.0.1 for its own; another address of loopback it reaches by way of its tunnel.
    ...(agent.wire === 'gemini' && { address: '127.0.0.2' }),
  });
  onTestFinished(() => server.close());
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const own = join(folder, 'config', 'holdfast');
  mkdirSync(join(own, 'agents'), { recursive: true });
  const sandbox = container ? 'sandbox: { kind: container }\n' : '';
  writeFileSync(join(own, 'agents', 'maker.yaml'), `${fileOf(agent, server, declared)}${sandbox}`);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const variables = {
    XDG_CONFIG_HOME: join(folder, 'config'),
    PATH: pathWith(from),
    ...container?.environment,
  };
  await startDaemon({ folder: data, variables });
  await giveKey(agent, server, data);
  return { folder, data, server };
}

function fileOf({ preset, wire }: RealAgent, { url }: ModelStandIn, declared: string): string {
  const command = `name: maker\ncommand:\n  preset: ${preset}\n${declared}`;
  if (wire !== 'gemini') return `${command}  gateway: { model: stand-in/one }\n`;
  return [
    `${command}  environment: { GOOGLE_GEMINI_BASE_URL: '${url}' }`,
    '  credentials: [{ secret: gemini.key, variable: GEMINI_API_KEY }]',
    `network: ['${new URL(url).host}']\n`,
  ].join('\n');
}

async function giveKey({ wire }: RealAgent, { url, openai }: ModelStandIn, data: string): Promise<void> {
  if (wire === 'gemini') {
    insist(await holdfast(data, ['secrets', 'set', 'gemini.key'], { input: `${key}\n` }));
    return;
  }
  const address = wire === 'messages' ? url : openai;
  const provider = ['--provider', 'stand-in', '--wire', wire, '--base-url', address];
  insist(
    await holdfast(data, ['configure', ...provider, '--key-from-env', 'THEIR_KEY', '--no-test'], {
      variables: { THEIR_KEY: key },
    }),
  );
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
    ({ headers }) =>
      headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers['authorization']?.replace('Bearer ', ''),
  );
  const kept = insist(await holdfast(data, ['events', '--json'])).stdout + everythingIn(join(data, 'audit'));
  return { made: readFileSync(join(source, 'made.txt'), 'utf8'), collected, keys, kept };
}

/** As one text. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

export function insist(said: Said, before = ''): Said {
  const { code, stdout, stderr } = said;
  if (code !== 0) throw new Error(`it ended with ${code}: ${before}\n${stdout}\n${stderr}`);
  return said;
}
