import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../../shared/problem.ts';
import { type Egress, ownHost } from '../egress.ts';
import { openEgress } from '../open-egress.ts';
import { needHelper } from './find-helper.ts';
import { startHelper } from './start-helper.ts';
import { confinementFor, until } from './testing/bare-helper.ts';

const proxyPort = 3128;

/** A server on this machine's loopback, which stands for the world outside. */
async function world(serve: (socket: Socket) => void): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, sockets };
}

/** Leads every connection to the world, but for a few names that are refused. */
function egressTo(port: number) {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const egress: Egress = {
    async open(host, wanted) {
      asked.push(`${host}:${wanted}`);
      if (host === 'forbidden.example') throw new Problem('forbidden', 'Not this one.', 'Ask for it.');
      if (host === 'away.example') throw new Problem('unreachable', 'Nobody is there.');
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      open.add(socket);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    },
    cut: () => {
      for (const socket of open) socket.destroy();
    },
  };
  return { egress, asked };
}

/** A helper whose loopback is its own. */
function inOwnNetwork(egress: Egress) {
  const child = spawn(
    'bwrap',
    ['--unshare-user', '--unshare-net', '--dev-bind', '/', '/', '--die-with-parent', needHelper(), 'serve'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const gone = once(child, 'close');
  onTestFinished(async () => {
    child.stdin.destroy();
    await gone;
  });
  const killed: string[] = [];
  const kill = (why: string): void => {
    killed.push(why);
    child.kill('SIGKILL');
  };
  const helper = startHelper(
    { toHelper: child.stdin, fromHelper: child.stdout, kill },
    confinementFor({ proxyPort, inet: true }),
    egress,
  );
  const run = async (script: string, input?: Uint8Array): Promise<Buffer> => {
    const running = await helper.exec({
      argv: ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${proxyPort}; ${script}`],
    });
    const writing = (input === undefined ? Promise.resolve() : running.write(input)).then(() =>
      running.endInput(),
    );
    const said: Uint8Array[] = [];
    for await (const { bytes } of running.output) said.push(bytes);
    await writing;
    return Buffer.concat(said);
  };
  return { helper, run, killed };
}

const request = (line: string, ...headers: string[]): string =>
  `printf '${[line, ...headers, '', ''].join('\\r\\n')}' >&3`;

const echo = (socket: Socket): void => void socket.pipe(socket);

test('CONNECT carries bytes both ways, and an end in one direction is not the end of the other', async () => {
  const { port } = await world(echo);
  const { egress, asked } = egressTo(port);
  const { run, killed } = inOwnNetwork(egress);
  // What the echo sends back after its end of input is still read.
  const said = await run(
    `${request('CONNECT Example.ORG:443 HTTP/1.1', 'Host: other.example')}; printf hello >&3; head -c 44 <&3`,
  );
  expect(said.toString()).toBe('HTTP/1.1 200 Connection established\r\n\r\nhello');
  expect(asked).toEqual(['example.org:443']);
  expect(killed).toEqual([]);
});

test('megabytes come back as they were sent, several connections at once', async () => {
  const { port } = await world(echo);
  const { egress } = egressTo(port);
  const { run, killed } = inOwnNetwork(egress);
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 251));
  const script = `${request('CONNECT a.example:443 HTTP/1.1')}; head -c 39 <&3 >/dev/null; cat >&3 & head -c ${bytes.length} <&3`;
  const hash = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');
  // A command's own input stays with it when another part of it runs in the background.
  const all = await Promise.all(
    [1, 2, 3].map(() => run(script.replace('cat >&3 &', 'exec 4<&0; cat <&4 >&3 &'), bytes)),
  );
  expect(all.map(hash)).toEqual([bytes, bytes, bytes].map(hash));
  expect(killed).toEqual([]);
});

test('a request for an http address goes on in its usual form, and to no other host', async () => {
  let heard = '';
  const { port } = await world((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (heard.endsWith('body')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  const { egress, asked } = egressTo(port);
  const { run } = inOwnNetwork(egress);
  const said = await run(
    `${request(
      'POST http://example.org:8080/path?q=1 HTTP/1.1',
      'Host: elsewhere.example',
      'Proxy-Connection: keep-alive',
      'Connection: keep-alive',
      'Content-Length: 4',
    )}; printf body >&3; cat <&3`,
  );
  expect(said.toString()).toBe('HTTP/1.1 204 No Content\r\n\r\n');
  expect(heard).toBe(
    'POST /path?q=1 HTTP/1.1\r\nHost: example.org:8080\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody',
  );
  expect(asked).toEqual(['example.org:8080']);
});

test('a request that names no host goes to Holdfast itself, in its usual form', async () => {
  let heard = '';
  const { port } = await world((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (heard.endsWith('body')) socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  const { egress, asked } = egressTo(port);
  const { run } = inOwnNetwork(egress);
  const said = await run(
    `${request(
      'POST /v1/messages?beta=true HTTP/1.1',
      `Host: 127.0.0.1:${proxyPort}`,
      'Connection: keep-alive',
      'Content-Length: 4',
    )}; printf body >&3; cat <&3`,
  );
  expect(said.toString()).toBe('HTTP/1.1 204 No Content\r\n\r\n');
  expect(heard).toBe(
    `POST /v1/messages?beta=true HTTP/1.1\r\nHost: ${ownHost}\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody`,
  );
  expect(asked).toEqual([`${ownHost}:80`]);
});

test('where Holdfast serves nothing, such a request is none', async () => {
  const never = () => Promise.reject(new Error('nobody is asked'));
  const gate = {
    allow: never,
    allowsAddress: () => false,
    told: () => undefined,
    whenEnded: () => undefined,
  };
  const { run, killed } = inOwnNetwork(openEgress(gate));
  const said = (await run(`${request('GET / HTTP/1.1')}; cat <&3`)).toString();
  expect(said).toMatch(/^HTTP\/1\.1 400 [^]*This proxy understands CONNECT/);
  expect(killed).toEqual([]);
});

test('what is refused, unreachable or no request is answered in words', async () => {
  const { port } = await world(echo);
  const { egress, asked } = egressTo(port);
  const { run } = inOwnNetwork(egress);
  const answer = async (line: string, ...headers: string[]): Promise<string> =>
    (await run(`${request(line, ...headers)}; cat <&3`)).toString();
  const refused = await answer('CONNECT forbidden.example:443 HTTP/1.1');
  expect(refused).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  expect(refused).toMatch(/\r\n\r\nNot this one\. Ask for it\.\n$/);
  expect(await answer('GET http://away.example/ HTTP/1.1')).toMatch(
    /^HTTP\/1\.1 502 [^]*Nobody is there\.\n$/,
  );
  const wrongs = [
    'GET  HTTP/1.1',
    'GET path HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT :443 HTTP/1.1',
    'CONNECT a.example:0 HTTP/1.1',
    'CONNECT a.example:99999 HTTP/1.1',
    'CONNECT user@a.example:1 HTTP/1.1',
    'GET ftp://a.example/ HTTP/1.1',
    'nonsense',
  ];
  for (const wrong of wrongs) expect(await answer(wrong)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answer('GET http://a.example/ HTTP/1.1', 'X: y', ' folded: z')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answer('GET http://a.example/ HTTP/1.1', 'X: y\\rHost: z')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answer('CONNECT exa%%mple:443 HTTP/1.1')).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answer('CONNECT a.example:443 HTTP/1.1', `X: ${'x'.repeat(20_000)}`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect(asked).toEqual(['forbidden.example:443', 'away.example:80']);
});

test('lines that end by halves are no request, however many there are', async () => {
  const { egress, asked } = egressTo(1);
  const { helper, run, killed } = inOwnNetwork(egress);
  // Each of them grows when it is sent on in its usual form.
  const head = `GET http://a.example/ HTTP/1.1\r\n${'a\n'.repeat(8000)}\r\n\r\n`;
  const said = await run('exec 4<&0; cat <&4 >&3; cat <&3', Buffer.from(head));
  expect(said.toString()).toMatch(/^HTTP\/1\.1 400 /);
  expect(asked).toEqual([]);
  expect(await (await helper.exec({ argv: ['true'] })).ended).toEqual({ how: 'exited', code: 0 });
  expect(killed).toEqual([]);
});

test('a right that ends cuts what it allowed', async () => {
  const { port, sockets } = await world((socket) => socket.write('tick'));
  const { egress } = egressTo(port);
  const { run } = inOwnNetwork(egress);
  const running = run(`${request('CONNECT a.example:443 HTTP/1.1')}; cat <&3; echo over`);
  await until(() => sockets.size === 1);
  egress.cut();
  expect((await running).toString()).toContain('over');
});

test('whoever takes nothing outside makes the program inside wait, and nothing grows', async () => {
  const { port, sockets } = await world((socket) => socket.pause());
  const { egress } = egressTo(port);
  const { helper } = inOwnNetwork(egress);
  const flood = await helper.exec({
    argv: [
      'bash',
      '-c',
      `exec 3<>/dev/tcp/127.0.0.1/${proxyPort}; ${request('CONNECT a.example:443 HTTP/1.1')}; yes >&3`,
    ],
  });
  await until(() => sockets.size === 1);
  // The last that can be under way has arrived when no more bytes come to the paused socket.
  const { pid } = await helper.ready;
  for (let each = 0; each < 20; each++) await (await helper.exec({ argv: ['true'] })).ended;
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  expect(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])).toBeLessThan(8192);
  flood.cancel();
  expect(await flood.ended).toEqual({ how: 'cancelled' });
});

test('a program that leaves before its connection is made leaves nothing open', async () => {
  const { port, sockets } = await world(echo);
  const { egress } = egressTo(port);
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let isAsked = false;
  const slow: Egress = {
    cut: () => egress.cut(),
    open: async (host, wanted) => {
      isAsked = true;
      await held;
      return egress.open(host, wanted);
    },
  };
  const { run, killed } = inOwnNetwork(slow);
  const leaving = run(request('CONNECT a.example:443 HTTP/1.1'));
  await until(() => isAsked);
  await leaving;
  letGo();
  const isOpen = (socket: Socket): boolean => !socket.readableEnded && !socket.destroyed;
  await until(() => ![...sockets].some(isOpen));
  expect(killed).toEqual([]);
});
