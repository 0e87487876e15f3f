import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Certificate, type GitServer, serveGit } from './serve-git.ts';

/** The repositories of a folder over http, or https with a certificate, until the test is over. */
export async function startGitServer(folder: string, certificate?: Certificate): Promise<GitServer> {
  const server = await serveGit(folder, certificate);
  onTestFinished(() => server.close());
  return server;
}

/** The same by git's own protocol. */
export async function startGitDaemon(folder: string): Promise<string> {
  const probe = createTcpServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const how = [
    '--export-all',
    `--base-path=${folder}`,
    '--listen=127.0.0.1',
    `--port=${port}`,
    '--reuseaddr',
  ];
  const child = spawn('git', ['-c', 'safe.directory=*', 'daemon', ...how], {
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    },
    stdio: 'ignore',
    detached: true,
  });
  onTestFinished(async () => {
    // It leaves the serving to others of its own.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  while (!(await isListening(port))) await new Promise((resolve) => setTimeout(resolve, 10));
  return `git://127.0.0.1:${port}`;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
