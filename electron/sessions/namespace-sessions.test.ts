import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import type { Viewed } from '../../shared/contract/sessions.ts';
import type { sessionWishSchema } from '../../shared/session.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { createNamespaceExecutor } from '../sandbox/namespace-executor.ts';
import { ownAuthority } from '../tools/testing/own-authority.ts';
import { never, operator, someSessions, testFolder, wish } from './testing/some-sessions.ts';

/** Real sandboxes, with folders that the account of root's sandboxes reaches as well. */
async function begun() {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data: join(folder, 'data'),
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  const some = await someSessions({ executor, folder });
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(work, 0o777);
  /** Runs to its end, and gathers what it said. */
  const run = async (wanted: z.input<typeof sessionWishSchema>) => {
    const session = await some.sessions.start(wish({ attended: true, ...wanted }), operator);
    const said = { stdout: '', stderr: '', terminal: '' };
    const told: Viewed[] = [];
    const attach = { session: session.id, input: true, every: true };
    for await (const one of some.sessions.attach(attach, operator, never)) {
      told.push(one);
      const [first] = told;
      if (one.kind === 'attached')
        await some.sessions.input(session.id, one.viewer, Buffer.alloc(0), true).catch(() => 0);
      if (one.kind !== 'output' || first?.kind !== 'attached') continue;
      const bytes = Buffer.from(one.data, 'base64');
      said[one.stream] += bytes.toString();
      some.sessions.taken(session.id, first.viewer, bytes.length);
    }
    return { ...said, session: some.sessions.get(session.id) };
  };
  return { ...some, work, run };
}

test('a command sees its folders in their modes and nothing of ours, and its end is told as it was', async () => {
  const { run, work, data } = await begun();
  writeFileSync(join(work, 'file'), 'content');
  const script = `cat file; echo made > new || exit 9; ls ${data} >&2; exit 3`;
  const done = await run({ argv: ['sh', '-c', script], folders: [{ path: work, mode: 'rw' }], cwd: work });
  expect(done.stdout).toBe('content');
  expect(done.stderr).toContain('No such file');
  expect(done.session).toMatchObject({ state: 'ended', outcome: { label: 'work_failed', code: 3 } });
  expect(done.session.layers.length).toBeGreaterThan(3);
  expect(readFileSync(join(work, 'new'), 'utf8')).toBe('made\n');
  const refused = await run({
    argv: ['sh', '-c', 'echo x > other'],
    folders: [{ path: work, mode: 'ro' }],
    cwd: work,
  });
  expect(refused.session.outcome?.label).toBe('work_failed');
  expect(existsSync(join(work, 'other'))).toBe(false);
});

test('exit codes, signals, time and a missing program are told apart', async () => {
  const { run } = await begun();
  const outcomes = await Promise.all([
    run({ argv: ['true'] }),
    run({ argv: ['sh', '-c', 'kill -TERM $$'] }),
    run({ argv: ['nonesuch'] }),
    run({ argv: ['/etc/passwd'] }),
    run({ argv: ['sleep', '100'], limits: { seconds: 1 } }),
  ]);
  expect(outcomes.map(({ session }) => [session.outcome?.label, session.outcome?.code])).toEqual([
    ['success', 0],
    ['terminated_by_signal', 143],
    ['command_not_found', 127],
    ['command_not_executable', 126],
    ['timed_out', 124],
  ]);
});

test('what is typed arrives, and many megabytes come out whole to a viewer that misses nothing', async () => {
  const { sessions } = await begun();
  const session = await sessions.start(wish({ argv: ['cat'], attended: true }), operator);
  const told = sessions.attach({ session: session.id, input: true, every: true }, operator, never);
  const first = (await told.next()).value;
  if (first?.kind !== 'attached') throw new Error('it did not attach');
  const chunk = Buffer.alloc(256 * 1024, 'x');
  const typing = (async () => {
    for (let i = 0; i < 20; i++) await sessions.input(session.id, first.viewer, chunk, false);
    await sessions.input(session.id, first.viewer, Buffer.alloc(0), true);
  })();
  let size = 0;
  for await (const one of told) {
    expect(one.kind).not.toBe('skipped');
    if (one.kind !== 'output') continue;
    const { length } = Buffer.from(one.data, 'base64');
    size += length;
    sessions.taken(session.id, first.viewer, length);
  }
  await typing;
  expect(size).toBe(20 * chunk.length);
});

test('a secret is a file inside, and nowhere on the record', async () => {
  const { run, vault, events } = await begun();
  await vault.set('npm.token', 'tok-3f9a-very-secret');
  const done = await run({
    argv: ['sh', '-c', 'cat /run/secrets/token'],
    secrets: { token: 'npm.token' },
  });
  expect(done.stdout).toBe('tok-3f9a-very-secret');
  const told = await events(done.session.id);
  expect(JSON.stringify(told)).not.toContain('very-secret');
  expect(told.find(({ kind }) => kind === 'session.requested')?.data).toMatchObject({
    secrets: ['npm.token'],
  });
});

test('a granted address is connected to through the proxy and told with its bytes; what is not granted is refused', async () => {
  const { run, events } = await begun();
  const server = createServer((socket) =>
    socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'),
  );
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (target: string) =>
    `exec 3<>/dev/tcp/127.0.0.1/\${http_proxy##*:}; printf 'CONNECT ${target} HTTP/1.1\\r\\n\\r\\n' >&3; head -n 1 <&3`;
  const done = await run({
    argv: [
      'bash',
      '-c',
      `http_proxy=\${http_proxy%/}; (${ask(`127.0.0.1:${port}`)}); (${ask('example.org:443')})`,
    ],
    hosts: [{ host: '127.0.0.1', ports: { from: port, to: port } }],
  });
  expect(done.stdout).toMatch(/200[^]*403/);
  const kinds = (await events(done.session.id)).map(({ kind }) => kind);
  expect(kinds).toContain('connection.opened');
  expect(kinds).toContain('connection.closed');
  expect(kinds).toContain('capability.denied');
  expect(kinds.indexOf('connection.closed')).toBeLessThan(kinds.indexOf('session.ended'));
});

test('a program inside speaks TLS through the broker with the server itself, whose certificate it checks', async () => {
  const { run, work, events } = await begun();
  const { authority, key, cert } = ownAuthority(testFolder(), 'IP:127.0.0.1');
  writeFileSync(join(work, 'ca.pem'), authority, { mode: 0o644 });
  const asked: string[] = [];
  const server = createTlsServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => {
      asked.push(bytes.toString());
      socket.end('whole and unread');
    });
  });
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = 'proxy=${https_proxy#*://}; proxy=${proxy%/};';
  const trust = '-verify_return_error -verify_ip 127.0.0.1 -no_ign_eof -quiet';
  const client = (more: string) =>
    `openssl s_client -proxy $proxy -connect 127.0.0.1:${port} ${trust} ${more}`;
  const said = `(echo hello; sleep 1000) | ${client('-CAfile ca.pem')} 2>/dev/null`;
  const done = await run({
    // The client ends with its server; what feeds it then goes with the sandbox.
    argv: ['bash', '-c', `${proxy} ${client('')} </dev/null 2>&1 || echo distrusted; head -c 16 <(${said})`],
    folders: [{ path: work, mode: 'ro' }],
    cwd: work,
    hosts: [{ host: '127.0.0.1', ports: { from: port, to: port } }],
  });
  expect(done.stdout).toMatch(/verify error[^]*distrusted\n[^]*whole and unread$/);
  expect(asked).toEqual(['hello\n']);
  const told = await events(done.session.id);
  const opened = told.filter(({ kind }) => kind === 'connection.opened');
  expect(opened).toHaveLength(2);
  expect(JSON.stringify(told.filter(({ kind }) => kind.startsWith('connection.')))).not.toContain('hello');
});

test('stopping ends everything a session started', async () => {
  const { sessions } = await begun();
  const argv = ['sh', '-c', 'setsid sleep 1000 & echo started; trap "" TERM; sleep 1000'];
  const session = await sessions.start(wish({ argv }), operator);
  const told = sessions.attach({ session: session.id, input: false, every: false }, operator, never);
  for await (const one of told) if (one.kind === 'output') break;
  const stopped = await sessions.stop(session.id, true, operator);
  expect(stopped).toMatchObject({ state: 'ended', outcome: { label: 'cancelled', code: 130 } });
});
