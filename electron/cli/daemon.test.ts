import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Status } from '../../shared/contract/house.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { count } from '../base/test-counts.ts';
import {
  answerOf,
  beginDaemon,
  type Daemon,
  holdfast,
  startDaemon,
  testFolder,
  until,
} from './testing/launch.ts';

async function lives(folder: string): Promise<[string, unknown][]> {
  const said = await holdfast(folder, ['events', '--kind', 'app.*', '--json']);
  const events = said.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedEvent);
  return events.map(({ kind, data }) => [
    kind,
    kind === 'app.started' ? (data as { unclean: boolean }).unclean : (data as { drained: boolean }).drained,
  ]);
}

const whole = async (folder: string) => (await answerOf<{ ok: boolean }>(folder, 'verify')).ok;

/** A call whose body never ends, which a drain waits for. */
async function hold(daemon: Daemon): Promise<void> {
  const socket = connect(Number(daemon.link.port), '127.0.0.1');
  socket.on('error', () => undefined);
  const head = `POST /rpc/house/health HTTP/1.1\r\nHost: ${daemon.link.host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  // An answered call over the same listener shows that the one before it was taken up.
  await fetch(new URL('/api/health', daemon.link));
}

async function refused(daemon: Daemon): Promise<void> {
  let open = true;
  while (open)
    open = await fetch(new URL('/api/health', daemon.link)).then(
      () => true,
      () => false,
    );
}

test('it says one line with a link that works once, and keeps everything for this account only', async () => {
  const daemon = await startDaemon();
  const { folder, link } = daemon;
  const admit = () =>
    fetch(new URL('/api/tickets/exchange', link), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ticket: link.hash.replace('#ticket=', '') }),
    });
  const { token } = (await (await admit()).json()) as { token: string };
  expect(
    (await fetch(new URL('/api/status', link), { headers: { authorization: `Bearer ${token}` } })).status,
  ).toBe(200);
  expect((await admit()).status).toBe(401);
  const status = await answerOf<Status>(folder, 'status');
  expect(status).toMatchObject({
    surface: 'daemon',
    pid: daemon.child.pid,
    data: folder,
    socket: join(folder, 'run.sock'),
    address: link.origin,
  });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    expect([name, lstatSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
  }
  expect(statSync(join(folder, 'run.sock')).mode & 0o777).toBe(0o600);
  expect(status.machine.find(({ id }) => id === 'permissions')?.state).toBe('ok');
});

test('the socket lies in XDG_RUNTIME_DIR where there is one', async () => {
  const runtime = testFolder();
  const variables = { XDG_RUNTIME_DIR: runtime };
  const { folder } = await startDaemon({ variables });
  const [name] = readdirSync(join(runtime, 'holdfast'));
  expect(name).toMatch(/^[0-9a-f]{16}\.sock$/);
  expect(statSync(join(runtime, 'holdfast')).mode & 0o777).toBe(0o700);
  expect(statSync(join(runtime, 'holdfast', name!)).mode & 0o777).toBe(0o600);
  expect((await holdfast(folder, ['status'], { variables })).code).toBe(0);
  expect(existsSync(join(folder, 'run.sock'))).toBe(false);
});

test('a second start on the same folder says who holds it', async () => {
  const daemon = await startDaemon();
  const second = beginDaemon({ folder: daemon.folder });
  expect((await second.ended).code).toBe(6);
  expect(second.stderr()).toContain(`as a daemon, process ${daemon.child.pid}, since `);
  expect(second.stderr()).toContain('holdfast stop');
  expect(second.stdout()).toBe('');
  expect((await holdfast(daemon.folder, ['status'])).code).toBe(0);
});

test('the first signal drains, and what follows is a clean start', async () => {
  const folder = testFolder();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const daemon = await startDaemon({ folder });
    daemon.child.kill(signal);
    expect(await daemon.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(join(folder, 'run.sock'))).toBe(false);
  }
  await startDaemon({ folder });
  expect(await lives(folder)).toEqual([
    ['app.started', false],
    ['app.stopped', true],
    ['app.started', false],
    ['app.stopped', true],
    ['app.started', false],
  ]);
  expect(await whole(folder)).toBe(true);
});

test('a drain waits for what runs; the second signal does not, and the record stays whole', async () => {
  const folder = testFolder();
  const daemon = await startDaemon({ folder });
  await hold(daemon);
  daemon.child.kill('SIGTERM');
  await refused(daemon);
  expect(daemon.child.exitCode).toBeNull();
  daemon.child.kill('SIGTERM');
  expect(await daemon.ended).toEqual({ code: 143, signal: null });
  await startDaemon({ folder });
  expect(await lives(folder)).toEqual([
    ['app.started', false],
    ['app.stopped', false],
    ['app.started', false],
  ]);
  expect(await whole(folder)).toBe(true);
});

test('a kill leaves nothing in the way, and the next start says that it came unclean', async () => {
  const folder = testFolder();
  const kills = count(2, 30);
  for (let i = 0; i < kills; i++) {
    const daemon = await startDaemon({ folder });
    expect((await holdfast(folder, ['note', `before kill ${i}`])).code).toBe(0);
    daemon.child.kill('SIGKILL');
    await daemon.ended;
    expect(existsSync(join(folder, 'run.sock'))).toBe(true);
    expect((await holdfast(folder, ['status'])).code).toBe(6);
  }
  await startDaemon({ folder });
  expect(await lives(folder)).toEqual([
    ['app.started', false],
    ...Array.from({ length: kills }, () => ['app.started', true]),
  ]);
  const notes = await holdfast(folder, ['events', '--kind', 'record.noted', '--json']);
  expect(notes.stdout.trimEnd().split('\n')).toHaveLength(kills);
  expect(await whole(folder)).toBe(true);
});

test('something else in the socket’s place is left alone', async () => {
  const folder = testFolder();
  const place = join(folder, 'run.sock');
  writeFileSync(place, 'somebody needs this');
  const daemon = beginDaemon({ folder });
  expect((await daemon.ended).code).toBe(3);
  expect(daemon.stderr()).toContain(`${place} is where the socket belongs`);
  expect(readFileSync(place, 'utf8')).toBe('somebody needs this');
});

test('a browser is led in by a file for this account only, never by an argument', async () => {
  const folder = testFolder();
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const told = join(folder, 'told');
  writeFileSync(
    join(programs, 'xdg-open'),
    `#!/bin/sh\necho "$@" > ${told}.new\nstat -c %a "$1" >> ${told}.new\ncat "$1" >> ${told}.new\nmv ${told}.new ${told}\n`,
  );
  chmodSync(join(programs, 'xdg-open'), 0o755);
  const daemon = await startDaemon({
    folder: join(folder, 'data'),
    args: [],
    variables: { DISPLAY: ':99', PATH: `${programs}:${process.env['PATH']}` },
  });
  await until(() => existsSync(told));
  const [args, mode, page] = readFileSync(told, 'utf8').split('\n');
  expect(args).not.toContain('ticket');
  expect(mode).toBe('600');
  const ticket = /#ticket=([\w-]+)/.exec(page!)?.[1];
  expect(daemon.link.hash).not.toContain(ticket);
  const admitted = await fetch(new URL('/api/tickets/exchange', daemon.link), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  expect(admitted.status).toBe(200);
  await until(() => !existsSync(args!));
});

test('wrong flags are told in a sentence', async () => {
  for (const [args, words] of [
    [['--port', '99999'], '--port 99999 is no port.'],
    [['--log', 'loud'], '--log loud is no form of log.'],
    [['--what'], "Unknown option '--what'"],
  ] as const) {
    const daemon = beginDaemon({ args });
    expect([args, (await daemon.ended).code]).toEqual([args, 2]);
    expect(daemon.stderr()).toContain(words);
  }
  const first = await startDaemon();
  const second = beginDaemon({ args: ['--no-open', '--port', first.link.port] });
  expect((await second.ended).code).toBe(3);
  expect(second.stderr()).toContain(`127.0.0.1:${first.link.port} is in use by another program.`);
});
