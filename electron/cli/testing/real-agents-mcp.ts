import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type ModelStandIn,
  type Scripted,
  startModelStandIn,
  type StandInRequest,
} from '../../../e2e/stand-in-models/stand-in.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { type McpConfiguration, mcpConfigurationSchema } from '../../../shared/mcp.ts';
import type { Run } from '../../../shared/run.ts';
import { answerOf, environment, holdfast, startDaemon, testFolder, type Variables } from './launch.ts';
import { listenForPrograms } from './mcp-house.ts';
import { aside, insist, key, pathWith, type RealAgent, realHouse } from './real-agents.ts';

const task = 'Hand Holdfast the greeting.';
const greeting = 'handed over';
const plan = { subtasks: [{ id: 'hello', role: 'runner', params: { command: ['echo', greeting] } }] };

/** Calls submit_goal, whatever the program calls it, and ends when it was answered. */
function answer({ messages, tools }: StandInRequest): Scripted {
  if (!messages.some(({ text }) => text.includes(task)) || tools.length === 0) return { text: 'A title' };
  const answered = messages.flatMap(({ results }) => results);
  if (answered.some(({ text }) => text.includes(greeting))) return { text: `Done: ${greeting}.` };
  if (answered.length > 3) return { text: `It comes to nothing: ${JSON.stringify(answered)}` };
  const tool = tools.find((name) => name.endsWith('submit_goal'));
  if (tool) return { calls: [{ tool, input: { plan, wait: true } }] };
  // Claude Code shows the tools of servers to whoever looks for them.
  const query = 'select:mcp__holdfast__submit_goal';
  if (tools.includes('ToolSearch'))
    return { calls: [{ tool: 'ToolSearch', input: { query, max_results: 3 } }] };
  return { text: `There is no submit_goal among ${tools.join(', ')}.` };
}

/** What is on the record of it. */
export interface HandedOver {
  readonly called: readonly { readonly tool: string; readonly by: string; readonly program: string | null }[];
  readonly results: readonly (string | null)[];
  /** What the program said. */
  readonly said: string;
}

async function handedOver(data: string, said: string): Promise<HandedOver> {
  const { stdout } = insist(await holdfast(data, ['events', '--kind', 'mcp.called', '--json']));
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent);
  const runs = await answerOf<Run[]>(data, 'list');
  return {
    called: events.map(({ actor, data: about }) => {
      const { tool, program } = about as { tool: string; program: string | null };
      return { tool, program, by: actor.kind };
    }),
    results: runs.map(({ result }) => result),
    said,
  };
}

/** One in a sandbox of Holdfast, whose file says `mcp`. */
export async function handedOverFromInside(
  agent: RealAgent,
  from: string | null,
  repository: (folder: string, files: Readonly<Record<string, string>>) => string,
): Promise<HandedOver> {
  const declared = '  mcp: { tools: [submit_goal, get_run] }\n';
  const { folder, data } = await realHouse(agent, { from, container: null }, { answer, declared });
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const ran = insist(await holdfast(data, ['run', 'maker', source, '--request', task, '--attach']));
  return handedOver(data, ran.stdout);
}

/** Whether a person is told what to put into it. */
export const isOffered = ({ preset }: RealAgent) =>
  mcpConfigurationSchema.shape.program.options.some((program) => program === preset);

/** One as a program of this machine, told of Holdfast by what `mcp clients add` says, word for word. */
export async function handedOverFromOutside(agent: RealAgent, from: string | null): Promise<HandedOver> {
  const server = await startModelStandIn({ key, answer: aside(agent, answer) });
  onTestFinished(() => server.close());
  const data = testFolder();
  await startDaemon({ folder: data });
  await listenForPrograms(data);
  const added = ['mcp', 'clients', 'add', agent.preset, '--for', agent.preset];
  const { configurations } = await answerOf<{ configurations: McpConfiguration[] }>(data, ...added);
  const [configuration] = configurations;
  if (!configuration) throw new Error(`nothing is told for ${agent.preset}`);
  const home = testFolder();
  const does = personAt(home, pathWith(from));
  const { argv, variables } = await copied[agent.program]!({ home, does, server, ...configuration });
  return handedOver(data, await does([...argv, task], variables));
}

type Does = (argv: readonly string[], variables?: Variables) => Promise<string>;

interface Copying extends McpConfiguration {
  readonly home: string;
  readonly does: Does;
  readonly server: ModelStandIn;
}

/** What a person does with what they are told, and how they ask for something then. */
const copied: Readonly<
  Record<string, (told: Copying) => Promise<{ argv: readonly string[]; variables: Variables }>>
> = {
  async claude({ text, does, server }) {
    const variables = {
      ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    };
    await does(['/bin/sh', '-c', text], variables);
    return { argv: ['claude', '--allowedTools=mcp__holdfast__submit_goal', '-p'], variables };
  },
  codex({ text, home, server }) {
    write(join(home, '.codex/config.toml'), text);
    const [, name = '', value = ''] = /^# export (\w+)=(\S+)$/m.exec(text) ?? [];
    const provider = `model_providers.x={name="x",base_url="${server.openai}",wire_api="responses",env_key="THEIR_KEY"}`;
    const quiet = ['plugins', 'unbounded_connection_retries'].map((each) => `features.${each}=false`);
    const settings = ['model_provider="x"', provider, 'analytics.enabled=false', ...quiet];
    const flags = ['--skip-git-repo-check', '-s', 'workspace-write', '-m', 'stand-in'];
    return Promise.resolve({
      argv: ['codex', 'exec', '--json', ...flags, ...settings.flatMap((each) => ['-c', each])],
      variables: { THEIR_KEY: key, [name]: value },
    });
  },
  opencode({ text, home, server }) {
    write(join(home, '.config/opencode/opencode.json'), text);
    const options = { baseURL: server.openai, apiKey: key };
    const provider = { x: { npm: '@ai-sdk/openai-compatible', name: 'x', options, models: { one: {} } } };
    const config = { provider, share: 'disabled', autoupdate: false, small_model: 'x/one' };
    return Promise.resolve({
      argv: ['opencode', 'run', '--format', 'json', '-m', 'x/one'],
      variables: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), OPENCODE_DISABLE_MODELS_FETCH: '1' },
    });
  },
  gemini({ text, home, server }) {
    // Beside what this person had chosen before: to sign in with a key.
    const chosen = { security: { auth: { selectedType: 'gemini-api-key' } } };
    const settings = { ...chosen, ...(JSON.parse(text) as object) };
    write(join(home, '.gemini/settings.json'), JSON.stringify(settings));
    const variables = { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: server.url };
    const trusted = { GEMINI_CLI_TRUST_WORKSPACE: 'true', GEMINI_TELEMETRY_ENABLED: 'false' };
    return Promise.resolve({
      argv: ['gemini', '--approval-mode=yolo', '--output-format', 'stream-json', '-p'],
      variables: { ...variables, ...trusted },
    });
  },
};

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Runs programs as somebody whose home is there; throws where one fails. */
function personAt(home: string, path: string): Does {
  return async ([program = '', ...args], variables = {}) => {
    const env = environment(home, { PATH: path, ...variables });
    const child = spawn(program, args, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`);
    return said;
  };
}
