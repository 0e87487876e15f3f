import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export interface Finished {
  code: number;
  output: string;
}

export interface Command {
  /** Where everything it printed is kept, relative to test-results/. */
  log: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** A runner that hangs is ended, with all it started, and has failed. */
  minutes?: number;
}

const root = path.resolve(import.meta.dirname, '..', '..');

/** Where every Node that tests start keeps what it has compiled: most of what a short program does is compiling. */
const compiled = path.join(root, 'node_modules', '.cache', 'compiled');

/** Runs a tool with this very Node, without input, and collects what it prints. */
export async function run(
  command: string,
  { log, args, env = {}, minutes = 12 }: Command,
): Promise<Finished> {
  const child = spawn(command, args, {
    cwd: root,
    env: { NODE_COMPILE_CACHE: compiled, ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const end = (note: string) => {
    chunks.push(Buffer.from(`\n${note}\n`));
    if (child.pid !== undefined) endGroup(child.pid);
  };
  const timer = setTimeout(() => end(`Ended after ${minutes} minutes.`), minutes * 60_000);
  const interrupted = () => {
    end('Interrupted.');
    process.exitCode = 130;
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, output: keep(log, Buffer.concat(chunks).toString()) };
  } catch (error) {
    return { code: 127, output: keep(log, String(error)) };
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** The tool and whatever it started; it may have ended in this very moment. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function keep(log: string, output: string): string {
  const text = stripVTControlCharacters(output).trim();
  fs.mkdirSync(path.join(root, 'test-results'), { recursive: true });
  fs.writeFileSync(path.join(root, 'test-results', log), `${text}\n`);
  return text;
}

/** A tool from node_modules by the file its package starts with. */
export const tool = (file: string) => path.join(root, 'node_modules', ...file.split('/'));

/** A report that a runner wrote; none when it ended before it could. */
export function readReport(name: string): unknown {
  const file = resultFile(name);
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

export const resultFile = (name: string) => path.join(root, 'test-results', name);

/** So that an earlier run's report is never taken for this one's. */
export const forgetReport = (name: string) => fs.rmSync(resultFile(name), { force: true });
