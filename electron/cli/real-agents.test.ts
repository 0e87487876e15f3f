import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Scripted, startModelStandIn, type StandInRequest } from '../../e2e/stand-in-models/stand-in.ts';
import type { PresetName } from '../../shared/command-agent.ts';
import type { Session } from '../../shared/session.ts';
import { repository } from '../sessions/testing/some-work.ts';
import { answerOf, holdfast, startDaemon, testFolder } from './testing/launch.ts';

interface RealAgent {
  readonly preset: PresetName;
  readonly program: string;
  readonly package: string;
  readonly wire: 'messages' | 'chat';
  /** How it has a file written. */
  readonly writes: (request: StandInRequest, file: string, text: string) => Scripted['calls'];
}

const shell = (name: string, text: string, file: string) => `printf '%s' '${text}' > ${file}; echo ${name}`;

const agents: readonly RealAgent[] = [
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

const key = 'sk-the-real-key-0123456789';

/** `HOLDFAST_REAL_AGENTS`: 1 installs them from npm, a folder is one where npm has installed them. */
const wanted = process.env['HOLDFAST_REAL_AGENTS'] ?? '';
const onPath = (program: string) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

/** Why one is not tried; null: it is. Of those that are here, one is enough every time. */
function untried({ program }: RealAgent): string | null {
  if (wanted !== '') return null;
  if (!onPath(program)) return `${program} is not on this machine, and HOLDFAST_REAL_AGENTS=1 would fetch it`;
  const first = agents.find((agent) => onPath(agent.program));
  return first?.program === program ? null : `${first?.program} is; HOLDFAST_REAL_AGENTS=1 tries all of them`;
}

let installed: string | null = null;
beforeAll(() => {
  if (wanted !== '1') return;
  const prefix = mkdtempSync(join(tmpdir(), 'holdfast-real-agents-'));
  installed = prefix;
  chmodSync(prefix, 0o755);
  const packages = agents.map((agent) => agent.package);
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', prefix, ...packages], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm could not install them: ${stderr}`);
}, 600_000);
afterAll(() => {
  if (installed !== null) rmSync(installed, { recursive: true, force: true });
});

/** Where npm put their programs; null: where the search path has them. */
function programs(): string | null {
  const prefix = installed ?? (wanted === '1' ? '' : wanted);
  return prefix === '' ? null : join(prefix, 'node_modules/.bin');
}

for (const agent of agents) {
  const why = untried(agent);
  const not = why === null ? '' : `, not tried here: ${why}`;
  test.skipIf(why !== null)(
    `${agent.preset} does what it is told in a clone, and what it wrote is applied${not}`,
    async () => {
      const { made, collected, keys } = await tried(agent, programs());
      expect(collected).toMatchObject({ files: 1, untracked: 1 });
      expect(made).toBe(`written by ${agent.preset}`);
      // Each of its questions went on with the key, which it never had.
      expect(keys.length).toBeGreaterThan(1);
      expect(new Set(keys)).toEqual(new Set([key]));
    },
    120_000,
  );
}

/** Has one write a file by way of `holdfast run`, and applies what it did. */
async function tried(agent: RealAgent, from: string | null) {
  const text = `written by ${agent.preset}`;
  const server = await startModelStandIn({
    key,
    answer(request) {
      const isTold = request.messages.some(({ text: said }) => said.includes('Write the file'));
      const isDone = request.messages.some(({ results }) => results.length > 0);
      if (!isTold || isDone || request.tools.length === 0) return { text: 'Done.' };
      return { calls: agent.writes(request, 'made.txt', text) ?? [] };
    },
  });
  onTestFinished(() => server.close());
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const own = join(folder, 'config', 'holdfast');
  mkdirSync(join(own, 'agents'), { recursive: true });
  writeFileSync(
    join(own, 'agents', 'maker.yaml'),
    `name: maker\ncommand: { preset: ${agent.preset}, gateway: { model: stand-in/one } }\n`,
  );
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const path = [...(from === null ? [] : [from]), process.env['PATH']].join(':');
  await startDaemon({ folder: data, variables: { XDG_CONFIG_HOME: join(folder, 'config'), PATH: path } });
  const wire = agent.wire === 'messages' ? server.url : server.openai;
  const configured = await holdfast(
    data,
    [
      'configure',
      '--provider',
      'stand-in',
      '--wire',
      agent.wire,
      '--base-url',
      wire,
      '--key-from-env',
      'THEIR_KEY',
      '--no-test',
    ],
    { variables: { THEIR_KEY: key } },
  );
  expect(configured.code, configured.stderr).toBe(0);
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const ran = await holdfast(data, [
    'run',
    'maker',
    source,
    '--request',
    'Write the file made.txt.',
    '--attach',
  ]);
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
  const [session] = await answerOf<Session[]>(data, 'sessions', '--all');
  const collected = session?.work?.collected;
  const applied = await holdfast(data, ['apply', session?.id ?? '', '--folder', source]);
  expect(applied.code, `${applied.stderr}\n${ran.stdout}`).toBe(0);
  const keys = server.requests.map(
    ({ headers }) => headers['x-api-key'] ?? headers['authorization']?.replace('Bearer ', ''),
  );
  return { made: readFileSync(join(source, 'made.txt'), 'utf8'), collected, keys };
}
