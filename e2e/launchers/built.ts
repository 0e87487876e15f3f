import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { CommandResult } from './launched.ts';

const out = path.join(import.meta.dirname, '../../out');

export const builtMain = (file: string) => path.join(out, 'main', file);

/** The person's own files, which a test has to itself as well. */
export const withOwnFiles = (data: string) => ({
  ...process.env,
  XDG_CONFIG_HOME: path.join(data, 'configuration'),
});

/** Runs the built command line on a data folder. */
export function runCli(data: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    // What stands behind `--` is another program's.
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const words = args.toSpliced(end, 0, '--data', data);
    execFile(
      process.execPath,
      [builtMain('cli.js'), ...words],
      { env: withOwnFiles(data) },
      (failure, stdout, stderr) => {
        const code = failure ? (typeof failure.code === 'number' ? failure.code : 1) : 0;
        resolve({ code, out: stdout, err: stderr });
      },
    );
  });
}

export interface BuiltDaemon {
  /** The link with the single-use ticket. */
  readonly link: string;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the built daemon and waits for its one line. */
export async function startDaemon(data: string, port: number): Promise<BuiltDaemon> {
  const args = [builtMain('daemon.js'), '--data', data, '--no-open', '--port', String(port)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withOwnFiles(data),
  });
  const link = await readLink(child);
  return {
    link,
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

function readLink(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (piece: Buffer) => {
      said += piece.toString();
      const link = /Holdfast is ready at (\S+)/.exec(said)?.[1];
      if (link) resolve(link);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the daemon ended with ${code}: ${said}`)));
  });
}
