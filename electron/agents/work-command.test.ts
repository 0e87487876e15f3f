import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Agent } from '../../shared/agent.ts';
import type { AgentCommand } from '../../shared/command-agent.ts';
import { Agents } from './agents.ts';
import { prepareInput } from './work-input.ts';

const bundled = fileURLToPath(new URL('../../resources/agents/', import.meta.url));
const agents = new Agents({ bundled, own: '/nowhere', home: '/home/me' });
const gateway = { url: 'http://127.0.0.1:8700', token: 'a-token' };

/** In an image of its own, where nothing of this machine is looked for. */
const contained = { sandbox: { kind: 'container', image: 'site:1' } };

async function agentOf(command: object, more: object = {}): Promise<Agent & { command: AgentCommand }> {
  const agent = await agents.fromValue({ name: 'site', command, ...contained, ...more });
  if (!agent.command) throw new Error('it is no command');
  return { ...agent, command: agent.command };
}

const request = (text: string) => prepareInput({ kind: 'request', text }, null);

test('each preset is told what is asked as one argument, after its options', async () => {
  const of = async (preset: string) =>
    agents.commandLine(await agentOf({ preset }), await request('Mend "the" links; $HOME'));
  expect((await of('claude-code')).argv).toEqual([
    'claude',
    '-p',
    '--output-format',
    'stream-json',
    '--verbose',
    '--dangerously-skip-permissions',
    'Mend "the" links; $HOME',
  ]);
  for (const preset of ['codex', 'opencode', 'gemini'])
    expect((await of(preset)).argv.at(-1)).toBe('Mend "the" links; $HOME');
  expect((await of('claude-code')).environment).toMatchObject({
    IS_SANDBOX: '1',
    AGENT_NAME: 'site',
    HOLDFAST_INPUT: '/holdfast/input/request.md',
  });
  expect((await agentOf({ preset: 'codex' })).network).toEqual(['api.openai.com:443']);
  expect((await agentOf({ preset: 'codex' }, { network: [] })).network).toEqual([]);
});

test('through the gateway it gets an address and a token, and no host at all', async () => {
  const through = async (preset: string, model?: string) => {
    const agent = await agentOf({ preset, gateway: model === undefined ? {} : { model } });
    expect(agent.network).toEqual([]);
    return agents.commandLine(agent, await request('go'), { gateway });
  };
  const claude = await through('claude-code', 'claude-x');
  expect(claude.variables).toMatchObject({
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:8700',
    ANTHROPIC_AUTH_TOKEN: 'a-token',
  });
  expect(claude.argv.slice(-3)).toEqual(['--model', 'claude-x', 'go']);
  const codex = await through('codex');
  expect(codex.argv).toContain(
    'model_providers.holdfast={name="Holdfast",base_url="http://127.0.0.1:8700/v1",wire_api="responses",env_key="HOLDFAST_GATEWAY_TOKEN"}',
  );
  const opencode = await through('opencode', 'deepseek/chat');
  const config = JSON.parse(opencode.variables['OPENCODE_CONFIG_CONTENT'] ?? '') as {
    model: string;
    provider: { holdfast: { options: { baseURL: string }; models: object } };
  };
  expect(config.model).toBe('holdfast/deepseek/chat');
  expect(config.provider.holdfast.options.baseURL).toBe('http://127.0.0.1:8700/v1');
  expect(Object.keys(config.provider.holdfast.models)).toEqual(['deepseek/chat']);
  const script = await agents.commandLine(
    await agentOf({ argv: ['make'], gateway: {} }),
    await request('go'),
    {
      gateway,
    },
  );
  expect(script.argv).toEqual(['make']);
  expect(script.variables).toMatchObject({
    OPENAI_BASE_URL: 'http://127.0.0.1:8700/v1',
    OPENAI_API_KEY: 'a-token',
  });
  // The token is in variables alone, never in an argument or in what a sandbox is made with.
  for (const { argv, environment } of [claude, codex, opencode, script])
    expect(JSON.stringify([argv, environment])).not.toContain('a-token');
});

test('whose file says so has its program told of Holdfast, and the token is in a variable alone', async () => {
  const mcp = { tools: ['submit_goal'] };
  const of = async (command: object) =>
    agents.commandLine(await agentOf({ ...command, mcp }), await request('go'), { gateway });
  const claude = await of({ preset: 'claude-code', gateway: { model: 'm' } });
  const [flag, config, strict, prompt] = claude.argv.slice(-4);
  expect([flag, strict, prompt]).toEqual(['--mcp-config', '--strict-mcp-config', 'go']);
  const url = 'http://127.0.0.1:8700/mcp';
  expect(JSON.parse(config ?? '')).toMatchObject({ mcpServers: { holdfast: { type: 'http', url } } });
  const codex = await of({ preset: 'codex' });
  expect(codex.argv.at(-2)).toContain(`url="${url}",bearer_token_env_var="HOLDFAST_MCP_TOKEN"`);
  const own = '{"mcp":{"mine":{}},"theme":"dark"}';
  const opencode = await of({
    preset: 'opencode',
    gateway: { model: 'm' },
    environment: { OPENCODE_CONFIG_CONTENT: own },
  });
  // What the file says, what the gateway says and what MCP says stand beside one another.
  expect(JSON.parse(opencode.variables['OPENCODE_CONFIG_CONTENT'] ?? '')).toMatchObject({
    theme: 'dark',
    model: 'holdfast/m',
    mcp: { mine: {}, holdfast: { type: 'remote', url } },
  });
  const gemini = await of({ preset: 'gemini' });
  expect(gemini.argv.slice(0, 2)).toEqual(['/bin/sh', '-c']);
  for (const { argv, environment, variables } of [claude, codex, opencode, gemini]) {
    expect(JSON.stringify([argv, environment])).not.toContain('a-token');
    expect(variables).toMatchObject({ HOLDFAST_MCP_URL: url, HOLDFAST_MCP_TOKEN: 'a-token' });
  }
  const silent = await agentOf({ preset: 'gemini' });
  expect((await agents.commandLine(silent, await request('go'), { gateway })).variables).toEqual({});
});

/** What a preset lays into a home, and what its program is told then. */
async function laidBy(command: object) {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const agent = await agentOf({ preset: 'gemini', ...command });
  const line = await agents.commandLine(agent, await request('$HOME; echo "no"'), { gateway });
  const [program = '', ...args] = line.argv.map((each) => (each === 'gemini' ? '/bin/echo' : each));
  const { stdout } = spawnSync(program, args, {
    env: { ...line.variables, HOME: home, PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  });
  expect(stdout).toBe('--approval-mode=yolo --output-format stream-json -p $HOME; echo "no"\n');
  const file = join(home, '.gemini/settings.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : null;
}

const mcp = { tools: ['get_run'] };
const geminiKey = [{ secret: 'gemini.key', variable: 'GEMINI_API_KEY' }];
const mountedAt = (target: string) => [{ source: '/srv', target, read_only: false }];

test('what a program reads from its home alone is laid there first: of a key, of Holdfast, or of both', async () => {
  const ofKey = { security: { auth: { selectedType: 'gemini-api-key' } } };
  const headers = { Authorization: 'Bearer $HOLDFAST_MCP_TOKEN' };
  const ofHoldfast = { mcpServers: { holdfast: { httpUrl: 'http://127.0.0.1:8700/mcp', headers } } };
  const mounts = mountedAt('/home/site/other');
  expect(await laidBy({ mounts })).toBeNull();
  const withKey = await laidBy({ credentials: geminiKey, mounts });
  expect(withKey).toMatchObject(ofKey);
  expect(withKey).not.toHaveProperty('mcpServers');
  const told = await laidBy({ mcp, mounts });
  expect(told).toMatchObject(ofHoldfast);
  expect(told).not.toHaveProperty('security');
  expect(await laidBy({ mcp, credentials: geminiKey })).toMatchObject({ ...ofKey, ...ofHoldfast });
  // Another secret is no key of its.
  expect(await laidBy({ credentials: [{ secret: 'x', variable: 'OTHER' }] })).toBeNull();
});

test('a folder of the person’s is never written to: its own settings count, also beside a key', async () => {
  for (const target of ['/home/site/.gemini', '/home/site/.gemini/settings.json']) {
    const mounts = mountedAt(target);
    expect(await laidBy({ credentials: geminiKey, mounts })).toBeNull();
    await expect(laidBy({ mcp, mounts })).rejects.toThrow('“site” cannot be told of Holdfast');
    await expect(laidBy({ mcp, mounts, credentials: geminiKey })).rejects.toThrow('cannot be told');
  }
});

test('own arguments stand in the place of the preset’s, and get the prompt and the gateway too', async () => {
  const own = await agentOf({
    preset: 'codex',
    argv: ['codex', 'exec', '{prompt}'],
    gateway: { model: 'm' },
  });
  const { argv } = await agents.commandLine(own, await request('go'), { gateway });
  expect(argv.slice(0, 2)).toEqual(['codex', '-c']);
  expect(argv.slice(-4)).toEqual(['-m', 'm', 'exec', 'go']);
  const script = await agentOf({ argv: ['echo', '{prompt}', '{argv}'] });
  expect((await agents.commandLine(script, await request('go'))).argv).toEqual([
    'echo',
    '{prompt}',
    '{argv}',
  ]);
});

test('what it does each time comes before what is asked, attachments after it', async () => {
  const agent = await agentOf({ preset: 'gemini' }, { system_prompt: 'Keep the links alive.' });
  const line = await agents.commandLine(agent, await request('go'), { attachments: ['a.png', 'b.txt'] });
  expect(line.argv.at(-1)).toBe(
    'Keep the links alive.\n\ngo\n\nAttached, to be read only: /holdfast/input/attachments/a.png, /holdfast/input/attachments/b.txt',
  );
  const nothing = await prepareInput(null, null);
  expect((await agents.commandLine(agent, nothing)).argv.at(-1)).toBe('Keep the links alive.');
});

test('who is told nothing does nothing; at a terminal it waits for the person', async () => {
  const nothing = await prepareInput(null, null);
  const plain = await agentOf({ preset: 'claude-code' });
  await expect(agents.commandLine(plain, nothing)).rejects.toThrow(
    '“site” has nothing to do: it was told nothing.',
  );
  const terminal = async (preset: string) =>
    (await agents.commandLine(await agentOf({ preset, terminal: true }), nothing)).argv;
  expect(await terminal('claude-code')).toEqual(['claude', '--dangerously-skip-permissions']);
  expect(await terminal('gemini')).toEqual(['gemini', '--approval-mode=yolo']);
  expect(await terminal('opencode')).toEqual(['opencode']);
});

test('a request is no option, and one that is too long for an argument is read from its file', async () => {
  const agent = await agentOf({ preset: 'claude-code' });
  expect((await agents.commandLine(agent, await request('--help'))).argv.at(-1)).toBe(' --help');
  const long = await agents.commandLine(agent, await request('ü'.repeat(90_000)));
  expect(long.argv.at(-1)).toBe('Do what /holdfast/input/request.md says: read it first.');
  const talkative = await agentOf({ preset: 'claude-code' }, { system_prompt: 'ü'.repeat(90_000) });
  const asked = { files: [], environment: {}, told: 'x', words: '' };
  await expect(agents.commandLine(talkative, asked)).rejects.toThrow('more than 120,000 bytes');
});

interface Clone {
  readonly folder: string;
  run(variables: Record<string, string>, argv: readonly string[]): { code: number | null; said: string };
  lines(): string[];
}

/** A clone, and a program called runa that writes down how it was called. */
function cloneWithRuna(): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-runa-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [home, repo, programs] = ['home', 'home/repo', 'bin'].map((name) => join(folder, name));
  if (home === undefined || repo === undefined || programs === undefined) throw new Error('no folder');
  mkdirSync(join(repo, '.git'), { recursive: true });
  mkdirSync(programs);
  const log = join(folder, 'log');
  const runa = `#!/bin/sh\n[ "$1" = init ] && mkdir -p .runa\ntouch .runa/seen\nfor each in "$@"; do printf '<%s>' "$each" >> '${log}'; done\necho " unit=\${AGENTD_WORK_UNIT-unset}" >> '${log}'\n[ "$1" = init ] || exit 4\n`;
  writeFileSync(join(programs, 'runa'), runa);
  chmodSync(join(programs, 'runa'), 0o755);
  return {
    folder: repo,
    run(variables, [program = '', ...args]) {
      const env = { PATH: `${programs}:/usr/bin:/bin`, HOME: home, ...variables };
      const { status, stderr } = spawnSync(program, args, { cwd: repo, env, encoding: 'utf8' });
      return { code: status, said: stderr };
    },
    lines: () => readFileSync(log, 'utf8').trimEnd().split('\n'),
  };
}

async function runaLine() {
  const agent = await agentOf({ preset: 'runa', argv: ['my agent', '--flag', '$(no)'], methodology: '/m' });
  return (await agents.commandLine(agent, await prepareInput(null, null))).argv;
}

test('runa is initialised with the methodology, given the input, and run with the agent', async () => {
  const clone = cloneWithRuna();
  const input = join(clone.folder, '..', 'document.json');
  writeFileSync(input, '{"description":"x"}');
  const variables = {
    HOLDFAST_INPUT: input,
    HOLDFAST_INPUT_TYPE: 'request',
    HOLDFAST_INPUT_ID: 'operator-input',
  };
  const { code, said } = clone.run(variables, await runaLine());
  // As runa itself ended.
  expect(code, said).toBe(4);
  expect(clone.lines()).toEqual([
    '<init><--methodology></agentd/methodology/manifest.toml> unit=unset',
    '<run><--agent-command><--><my agent><--flag><$(no)> unit=unset',
  ]);
  const placed = join(clone.folder, '.runa/workspace/request/operator-input.json');
  expect(readFileSync(placed, 'utf8')).toBe('{"description":"x"}');
  expect(readFileSync(join(clone.folder, '.git/info/exclude'), 'utf8')).toBe('/.runa\n');
});

test('runa is told the work unit, and keeps its folder where the record wants it', async () => {
  const clone = cloneWithRuna();
  const kept = join(clone.folder, '../.agentd/audit/runa');
  mkdirSync(kept, { recursive: true });
  const { code, said } = clone.run({ AGENTD_WORK_UNIT: 'wu 7' }, await runaLine());
  expect(code, said).toBe(4);
  expect(clone.lines()[1]).toBe(
    '<run><--work-unit><wu 7><--agent-command><--><my agent><--flag><$(no)> unit=wu 7',
  );
  expect(existsSync(join(kept, 'seen'))).toBe(true);
  // The way there is no change of the repository.
  expect(readdirSync(clone.folder)).toEqual(['.git']);
});

test('a clone that holds .runa already ends as a broken environment, also where it is a dangling link', async () => {
  for (const make of [
    (place: string) => mkdirSync(place),
    (place: string) => symlinkSync('/nowhere', place),
  ]) {
    const clone = cloneWithRuna();
    make(join(clone.folder, '.runa'));
    const { code, said } = clone.run({}, await runaLine());
    expect([code, said]).toEqual([6, expect.stringContaining('The clone holds .runa at its root')]);
  }
});

/** A machine on which programs were installed with npm, for one person alone. */
function someMachine() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-machine-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const [bin, modules] = [join(home, 'bin'), join(home, 'lib/node_modules')];
  const package_ = join(modules, '@google/gemini-cli');
  mkdirSync(join(package_, 'dist'), { recursive: true });
  mkdirSync(bin);
  writeFileSync(join(package_, 'package.json'), '{"name": "@google/gemini-cli", "version": "0.65.1"}');
  writeFileSync(join(package_, 'dist/index.js'), '#!/usr/bin/env -S thenode --flag\n');
  chmodSync(join(package_, 'dist/index.js'), 0o755);
  symlinkSync('../lib/node_modules/@google/gemini-cli/dist/index.js', join(bin, 'gemini'));
  mkdirSync(join(home, 'node/bin'), { recursive: true });
  for (const program of [join(home, 'node/bin/thenode'), join(home, 'versions/2.1.328')]) {
    mkdirSync(join(program, '..'), { recursive: true });
    writeFileSync(program, '');
    chmodSync(program, 0o755);
  }
  symlinkSync(join(home, 'node/bin/thenode'), join(bin, 'thenode'));
  symlinkSync(join(home, 'versions/2.1.328'), join(bin, 'claude'));
  const secrets: string[] = [];
  const place = { bundled, own: '/nowhere', home, searchPath: `/nowhere:${bin}`, secrets: () => secrets };
  return { home, bin, modules, script: join(package_, 'dist/index.js'), secrets, agents: new Agents(place) };
}

test('a program of this machine is found with its version and what it needs to start, and is not run', async () => {
  const { home, modules, script, agents: here } = someMachine();
  const list = Object.fromEntries((await here.presets()).map((preset) => [preset.name, preset]));
  expect(list['gemini']?.program).toEqual({
    path: script,
    version: '0.65.1',
    folders: [modules, join(home, 'node/bin')],
  });
  expect(list['claude-code']?.program).toEqual({
    path: join(home, 'versions/2.1.328'),
    version: '2.1.328',
    folders: [join(home, 'versions')],
  });
  expect(list['codex']?.program).toBeNull();
  expect(list['codex']?.missing[0]).toEqual({
    what: 'program',
    message: 'There is no program “codex” on the search path.',
    mend: 'Install it with `npm install -g @openai/codex`, or name an image that has it under “sandbox”.',
  });
  expect(list['script']?.missing).toEqual([]);
});

test('what a known agent lacks is told until a key is stored or somebody is signed in', async () => {
  const { home, secrets, agents: here } = someMachine();
  const missing = async (name: string) =>
    (await here.presets()).find((preset) => preset.name === name)?.missing.map(({ message }) => message);
  const lacks = (secret: string) => [`No secret “${secret}” is stored, and nobody is signed in.`];
  expect(await missing('gemini')).toEqual(lacks('gemini.key'));
  expect(await missing('claude-code')).toEqual(lacks('anthropic.key'));
  secrets.push('gemini.key');
  mkdirSync(join(home, '.claude'));
  writeFileSync(join(home, '.claude/.credentials.json'), '{}');
  expect(await missing('gemini')).toEqual([]);
  expect(await missing('claude-code')).toEqual([]);
});

test('in a sandbox of the machine’s own files the program is named by its place, and the place is given', async () => {
  const { home, modules, script, agents: here } = someMachine();
  const agent = await agentOf({ preset: 'gemini' }, { sandbox: { kind: 'namespace' } });
  const { argv, environment, folders } = await here.commandLine(agent, await request('go'));
  expect([argv[0], folders]).toEqual([script, [modules, join(home, 'node/bin')]]);
  expect(environment['PATH']?.split(':').slice(0, 3)).toEqual([
    join(script, '..'),
    join(home, 'node/bin'),
    '/usr/local/sbin',
  ]);
  const codex = await agentOf({ preset: 'codex' }, { sandbox: { kind: 'namespace' } });
  await expect(here.commandLine(codex, await request('go'))).rejects.toThrow('There is no program “codex”');
  const other = { preset: 'codex', argv: ['/srv/codex', 'exec', '{prompt}'] };
  const own = await agentOf(other, { sandbox: { kind: 'namespace' } });
  expect(await here.commandLine(own, await request('go'))).toMatchObject({
    argv: ['/srv/codex', 'exec', 'go'],
    folders: [],
  });
});
