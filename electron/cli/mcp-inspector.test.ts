import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { expect, onTestFinished, test } from 'vitest';
import { steadyThreads } from '../base/steady-threads.ts';
import { mcpTools } from '../../shared/mcp-tools.ts';
import { answerOf, commandLine, environment, type Said, startDaemon, testFolder } from './testing/launch.ts';
import { listenForPrograms } from './testing/mcp-house.ts';

const inspector = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

/** Runs the inspector’s command line, which keeps what it keeps in a home of its own. */
async function inspect(args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [...steadyThreads, inspector, '--cli', ...args], {
    env: environment(testFolder()),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

test(
  'the inspector’s command line finds the tools faultless, calls one, and hears why a token is refused',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    await startDaemon({ folder });
    const address = await listenForPrograms(folder);
    const { value } = await answerOf<{ value: string }>(folder, 'mcp', 'clients', 'add', 'inspector');
    const options = [
      '--server-url',
      address,
      '--transport',
      'http',
      '--stored-auth-only',
      '--format',
      'json',
    ];
    const over = (token: string, ...more: string[]) => [
      ...options,
      '--header',
      `Authorization: Bearer ${token}`,
      ...more,
    ];
    const call = ['--method', 'tools/call', '--tool-name', 'get_agent_status', '--tool-arg', 'run_id=none'];
    const piped = [process.execPath, ...steadyThreads, commandLine, 'mcp', '--data', folder];
    const [listed, called, refused, byPipe] = await Promise.all([
      inspect(over(value, '--protocol-era', 'modern', '--method', 'tools/list', '--strict')),
      inspect(over(value, '--protocol-era', 'legacy', ...call)),
      inspect(over('hf_nobody', '--method', 'tools/list')),
      inspect([...piped, '--', '--format', 'json', '--method', 'tools/list']),
    ]);
    const all = mcpTools.filter((name) => name !== 'answer_approval');
    expect(namesIn(listed)).toEqual(all);
    // It ends with another code at a mistake in a schema, and names what some client may not understand of one.
    expect(listed.code).toBe(0);
    expect(listed.stderr).not.toContain('inputSchema');
    expect(namesIn(byPipe)).toEqual(all);
    expect(JSON.parse(called.stdout)).toMatchObject({
      result: { structuredContent: { status: 'notfound' } },
    });
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toBe('');
    const { error } = JSON.parse(refused.stderr) as { error: { code: string; message: string } };
    expect(error.code).toBe('auth_required');
    expect(error.message).toContain('holdfast mcp clients add');
  },
);

function namesIn({ stdout, stderr }: Said): string[] {
  expect(stdout, stderr).not.toBe('');
  const { result } = JSON.parse(stdout) as { result: { tools: { name: string }[] } };
  return result.tools.map(({ name }) => name);
}
