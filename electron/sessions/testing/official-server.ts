import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { everything } from './some-servers.ts';

export interface OfficialServer {
  readonly port: number;
  readonly child: ChildProcess;
  /** How many requests it was sent. */
  readonly asked: () => number;
  /** All that it wrote. */
  readonly said: () => string;
}

/** The official server of everything over HTTP, with an empty environment; it answers when this resolves. */
export async function officialServer(kind: 'streamableHttp' | 'sse'): Promise<OfficialServer> {
  for (;;) {
    const begun = await officialServerAt(kind, await freePort());
    if (begun) return begun;
  }
}

/** Undefined: somebody else has the port. */
export async function officialServerAt(kind: string, port: number): Promise<OfficialServer | undefined> {
  const child = spawn(process.execPath, [everything, kind], {
    env: { PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pieces: string[] = [];
  const said = () => pieces.join('');
  const hear = (piece: Buffer) => void pieces.push(piece.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const isThere = () =>
    fetch(`http://127.0.0.1:${port}/nowhere`).then(
      ({ headers }) => headers.get('x-powered-by') === 'Express',
      () => false,
    );
  const asked = () => said().split(/Received MCP POST request|Client Message from/).length - 1;
  while (child.exitCode === null) {
    if (await isThere()) return { port, child, asked, said };
    await pause(20);
  }
  return undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
