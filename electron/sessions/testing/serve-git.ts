import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface GitServer {
  readonly url: string;
  /** The headers of authorization that were sent, each once. */
  readonly shown: ReadonlySet<string>;
  /** What was asked for, in its order. */
  readonly asked: readonly string[];
  /** From now on only who shows this header is answered. */
  ask(header: string | null): void;
  /** What was asked for is held until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}

/** What a server over https shows. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** The repositories of a folder over http, or https with a certificate, by git's own program behind a server on this machine's loopback. */
export async function serveGit(folder: string, certificate?: Certificate): Promise<GitServer> {
  let wanted: string | null = null;
  let held: Promise<void> = Promise.resolve();
  const shown = new Set<string>();
  const asked: string[] = [];
  const running = new Set<ChildProcess>();
  const listener: RequestListener = (request, response) => {
    void (async () => {
      await held;
      const { authorization } = request.headers;
      asked.push(`${request.method} ${request.url}`);
      if (authorization !== undefined) shown.add(authorization);
      if (wanted !== null && authorization !== wanted) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return;
      }
      answer(folder, request, response, running);
    })();
  };
  const server = certificate ? createSecureServer(certificate, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let closed: Promise<unknown> | undefined;
  const close = async () => {
    closed ??= (async () => {
      server.closeAllConnections();
      server.close();
      for (const child of running) child.kill('SIGKILL');
      await once(server, 'close');
    })();
    await closed;
  };
  return {
    url: `http${certificate ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shown,
    asked,
    ask: (header) => (wanted = header),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    close,
  };
}

function answer(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  running: Set<ChildProcess>,
): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const variable = (name: string) => request.headers[name]?.toString() ?? '';
  const child = spawn('git', ['-c', 'safe.directory=*', 'http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: variable('content-type'),
      HTTP_CONTENT_ENCODING: variable('content-encoding'),
      GIT_PROTOCOL: variable('git-protocol'),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  let head: Buffer = Buffer.alloc(0);
  let isBegun = false;
  child.stdout.on('data', (piece: Buffer) => {
    if (isBegun) return void response.write(piece);
    head = Buffer.concat([head, piece]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    isBegun = true;
    let status = 200;
    for (const line of head.subarray(0, end).toString().split('\r\n')) {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
      if (name.toLowerCase() === 'status') status = Number(value.slice(0, 3));
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
  });
  child.stdout.on('end', () => {
    if (!isBegun) response.statusCode = 500;
    response.end();
  });
}
