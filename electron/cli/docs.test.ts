import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import { filesystem, nodeServer } from '../sessions/testing/some-servers.ts';
import { leaveWaiting } from './testing/leave-waiting.ts';
import { steadyThreads } from '../base/steady-threads.ts';
import { environment, holdfast, startDaemon, testFolder } from './testing/launch.ts';
import { freePort } from './testing/mcp-house.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');

function examples(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code ?? '',
  );
}

interface Ran {
  code: number | null;
  said: string;
}

function run(
  command: string,
  args: readonly string[],
  folder: string,
  variables: Record<string, string>,
): Promise<Ran> {
  const env = { ...environment(folder), ...variables };
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (part: Buffer) => (said += part.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

/** Runs the commands of a page in one shell, in the order of the page, each with the ending that it says. */
async function runPage(
  name: string,
  least: number,
  folder: string,
  {
    variables = {},
    instead = {},
  }: { variables?: Record<string, string>; instead?: Record<string, string> } = {},
): Promise<Ran> {
  const text = Object.entries(instead).reduce((said, [from, to]) => said.replaceAll(from, to), page(name));
  const commands = examples(text, 'console').join('').trimEnd().split('\n');
  expect(commands.length).toBeGreaterThan(least);
  const steps = commands.map((line) => {
    const [, command = '', ending = '0'] = /^\$ (.*?)(?: {2}# ends with (\d+))?$/.exec(line) ?? [];
    expect(command, line).not.toBe('');
    const serving = command.endsWith('&');
    const after = serving
      ? 'until holdfast status > /dev/null 2>&1; do sleep 0.1; done'
      : `code=$?; [ "$code" = ${ending} ] || { echo "ended with $code instead of ${ending}"; exit 1; }`;
    const stopped = command === 'holdfast stop' ? '\nwait' : '';
    return `echo ${JSON.stringify(`> ${command}`).replaceAll('$', '\\$').replaceAll('`', '\\`')}\n${command}\n${after}${stopped}`;
  });
  // Root's sandboxes run under another account, which has to get to the folders that the page makes.
  chmodSync(folder, 0o755);
  const program = join(root, 'electron/cli/main.ts');
  // What still serves when a command ended otherwise would keep the test waiting for its end.
  const script = `trap 'code=$?; [ $code = 0 ] || holdfast stop > /dev/null 2>&1; kill $(jobs -p) 2> /dev/null; exit $code' EXIT\nholdfast() { '${process.execPath}' ${steadyThreads.join(' ')} '${program}' "$@"; }\n${steps.join('\n')}`;
  return run('bash', ['-c', script], folder, { XDG_STATE_HOME: join(folder, 'state'), ...variables });
}

test(
  'every command of docs/command-line.md does what it says, in the order of the page',
  { timeout: 120_000 },
  async () => {
    const { code, said } = await runPage('command-line.md', 25, testFolder());
    expect(code, said).toBe(0);
  },
);

test('every command of docs/runs.md does', { timeout: 120_000 }, async () => {
  const { code, said } = await runPage('runs.md', 12, testFolder());
  expect(code, said).toBe(0);
});

test('every command of docs/work.md does', { timeout: 120_000 }, async () => {
  const { code, said } = await runPage('work.md', 8, testFolder());
  expect(code, said).toBe(0);
  expect(said).toContain('+Tidy up');
});

test('every command of docs/mcp.md does', { timeout: 120_000 }, async () => {
  const instead = { 4781: String(await freePort()) };
  const { code, said } = await runPage('mcp.md', 5, testFolder(), { instead });
  expect(code, said).toBe(0);
  expect(said).toContain('mcpServers');
});

test('every command of docs/objectives.md does', { timeout: 120_000 }, async () => {
  const { code, said } = await runPage('objectives.md', 7, testFolder());
  expect(code, said).toBe(0);
  expect(said).toContain('agent:tide');
});

test(
  'every command of docs/session-records.md does, without Holdfast too',
  { timeout: 120_000 },
  async () => {
    const { code, said } = await runPage('session-records.md', 12, testFolder());
    expect(code, said).toBe(0);
    expect(said).toContain('holdfast/transcript.cast: OK');
  },
);

test('every command of docs/approvals.md does, with calls that wait', { timeout: 120_000 }, async () => {
  const folder = testFolder();
  leaveWaiting(join(folder, 'state', 'holdfast'), ['git status -s', 'make install', 'npm ci']);
  const { code, said } = await runPage('approvals.md', 15, folder);
  expect(code, said).toBe(0);
});

test('every command of docs/models.md does, with a model that listens', { timeout: 120_000 }, async () => {
  const server = await startModelStandIn({ models: ['my-model'], answer: () => ({}) });
  onTestFinished(() => server.close());
  const { code, said } = await runPage('models.md', 10, testFolder(), {
    variables: { MY_KEY: 'a-key-of-nobody' },
    instead: { 'http://127.0.0.1:11777/v1': server.openai },
  });
  expect(code, said).toBe(0);
  expect(said).toContain('mine/my-model');
  expect(said).not.toContain('a-key-of-nobody');
});

test('every command of docs/tool-servers.md does', { timeout: 120_000 }, async () => {
  const { transport } = JSON.parse(nodeServer(filesystem)) as {
    transport: { command: string[]; folders: { path: string }[] };
  };
  const folders = transport.folders.map(({ path }) => `--folder '${path}':ro`).join(' ');
  const { code, said } = await runPage('tool-servers.md', 12, testFolder(), {
    instead: {
      '--folder notes:ro -- mcp-server-filesystem': `--folder notes:ro ${folders} -- '${transport.command.join("' '")}'`,
    },
  });
  expect(code, said).toBe(0);
  expect(said).toContain('Buy bread.');
  expect(said).toContain('accepted, usual');
});

test('every program of docs/wire.md runs', { timeout: 60_000 }, async () => {
  const programs = examples(page('wire.md'), 'js');
  expect(programs.length).toBe(4);
  const { folder, link } = await startDaemon();
  const TOKEN = (await holdfast(folder, ['token', 'create', 'docs'])).stdout.trim();
  const place = join(folder, 'programs');
  mkdirSync(place);
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  for (const [i, code] of programs.entries()) {
    const file = join(place, `${i}.mjs`);
    writeFileSync(file, code);
    const ran = await run(process.execPath, [file], place, { ADDRESS: link.origin, TOKEN });
    expect(ran.code, `${code}\n${ran.said}`).toBe(0);
    expect(ran.said).toMatch(/\d/);
  }
});
