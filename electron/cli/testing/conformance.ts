import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { onTestFinished } from 'vitest';

/**
 * The suite can send no token: this adds one. Host and Origin stay as they are, but for its own port, whose place that of
 * the server takes.
 */
async function addingToken(address: string, token: string): Promise<string> {
  const { port } = new URL(address);
  const proxy = createServer((asked, answer) => {
    const { port: own } = proxy.address() as { port: number };
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? value.replace(/^((?:http:\/\/)?[\w.]+):(\d+)$/, (all, host, its) =>
              Number(its) === own ? `${host}:${port}` : all,
            )
          : value,
      ]),
    );
    const passed = request(
      {
        host: '127.0.0.1',
        port,
        path: asked.url,
        method: asked.method,
        headers: { ...headers, authorization: `Bearer ${token}` },
      },
      (its) => {
        answer.writeHead(its.statusCode ?? 500, its.headers);
        its.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  return `http://127.0.0.1:${(proxy.address() as { port: number }).port}/mcp`;
}

const suite = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/dist/index.js');

/** Runs the whole suite against a server; which scenarios passed, and how often each. */
export async function conformance(
  address: string,
  token: string,
): Promise<ReadonlyMap<string, { passed: number; failed: number }>> {
  const url = await addingToken(address, token);
  const child = spawn(process.execPath, [suite, 'server', '--url', url], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  await once(child, 'close');
  const found = said.matchAll(/^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed/gm);
  return new Map(
    [...found].map(([, name = '', passed, failed]) => [
      name,
      { passed: Number(passed), failed: Number(failed) },
    ]),
  );
}
