import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { removeTree } from '../../base/remove-tree.ts';
import { steadyThreads } from '../../base/steady-threads.ts';

const entry = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const daemon = entry('../../daemon.ts');
export const commandLine = entry('../main.ts');

export type Variables = Record<string, string | undefined>;

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  // Records of sessions are closed, also to their owner.
  onTestFinished(() => removeTree(folder));
  return folder;
}

/** An account's environment with nothing of this one's but the search path. */
export function environment(home: string, variables: Variables = {}): Variables {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const kept = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
  return { PATH, ...kept, HOME: home, TMPDIR: tmpdir(), NO_COLOR: '1', ...variables };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}

/** Starts a program; whatever of it still runs when the test is over is killed. */
function start(args: readonly string[], variables: Variables, input?: string): Running {
  const child = spawn(process.execPath, [...steadyThreads, ...args], {
    env: variables,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Whoever waits for what never comes says so before the test itself is given up. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { what = 'what was waited for', seconds = 120 }: { what?: string; seconds?: number } = {},
): Promise<void> {
  const last = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > last) throw new Error(`For ${seconds} seconds there was not ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Daemon extends Running {
  readonly folder: string;
  readonly variables: Variables;
  /** The link that it printed. */
  readonly link: URL;
}

export interface DaemonOptions {
  folder?: string;
  variables?: Variables;
  args?: readonly string[];
}

/** Starts a daemon and waits for neither its readiness nor its end. */
export function beginDaemon({
  folder = testFolder(),
  variables = {},
  args = ['--no-open'],
}: DaemonOptions = {}): Running {
  return start([daemon, '--data', folder, ...args], environment(folder, variables));
}

/** Starts a daemon, and waits until it says that it is ready. */
export async function startDaemon({
  folder = testFolder(),
  variables = {},
  args = ['--no-open'],
}: DaemonOptions = {}): Promise<Daemon> {
  const running = beginDaemon({ folder, variables, args });
  let over = false;
  void running.ended.then(() => (over = true));
  await until(() => over || running.stdout().includes('\n'));
  const link = /^Holdfast is ready at (\S+)\n$/.exec(running.stdout())?.[1];
  if (!link) throw new Error(`it did not become ready: ${running.stdout()}${running.stderr()}`);
  return { ...running, folder, variables: environment(folder, variables), link: new URL(link) };
}

export interface Said extends Ended {
  stdout: string;
  stderr: string;
}

export interface HoldfastOptions {
  input?: string;
  variables?: Variables;
}

export function beginHoldfast(
  folder: string,
  args: readonly string[],
  { input, variables }: HoldfastOptions = {},
): Running {
  return start([commandLine, ...args], environment(folder, variables), input);
}

/** Runs one command line to its end. */
export async function holdfast(
  folder: string,
  args: readonly string[],
  options: HoldfastOptions = {},
): Promise<Said> {
  const running = beginHoldfast(folder, [...args, '--data', folder], options);
  const ended = await running.ended;
  return { ...ended, stdout: running.stdout(), stderr: running.stderr() };
}

/** The JSON that a command line answered with. */
export async function answerOf<Value>(folder: string, ...args: string[]): Promise<Value> {
  const said = await holdfast(folder, [...args, '--json']);
  if (said.code !== 0) throw new Error(`${args.join(' ')} ended with ${said.code}: ${said.stderr}`);
  return JSON.parse(said.stdout) as Value;
}
