import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { processesWith } from '../sandbox/testing/marked-processes.ts';
import { officialServer, officialServerAt } from './testing/official-server.ts';
import { serverWithSession } from './testing/server-with-session.ts';
import { never, operator } from './testing/some-sessions.ts';
import { everything, filesystem, nodeServer, someServers } from './testing/some-servers.ts';

/** By which the official server’s process is found. */
const mark = `marked-${process.pid}`;
const seconds = 10;

async function house(declaration: string) {
  const clock = new ManualClock(new Date());
  const some = await someServers(clock);
  const { servers } = some;
  await servers.save('peer', declaration, operator);
  const call = (tool: string, input: object) =>
    servers.tryCall('peer', tool, input, operator, never).then(
      ({ text: said }) => said,
      (thrown: Error) => thrown.message,
    );
  const echo = () => call('echo', { message: 'hello' });
  /** Ends long after the test. */
  const long = () => call('trigger-long-running-operation', { duration: 100_000, steps: 1 });
  const until = async (wanted: string) => {
    for await (const [row] of servers.watch(never)) if (row?.state === wanted) return row;
    throw new Error('it was not watched to the end');
  };
  /** Somebody wanted it, and it is tried again. */
  const again = async () => {
    clock.advance(1000);
    await until('ready');
  };
  return { ...some, clock, call, echo, long, until, again };
}

const overHttp = (port: number, kind = 'http', path = 'mcp') =>
  JSON.stringify({
    transport: { kind, url: `http://127.0.0.1:${port}/${path}` },
    timeoutSeconds: seconds,
  });

test('a server that is killed or stands still in the middle of a call is told, replaced, and leaves nothing', async () => {
  const { clock, echo, long, until, again, servers } = await house(
    nodeServer(everything, { args: ['stdio', mark] }),
  );
  const amidst = async (signal: NodeJS.Signals) => {
    const running = long();
    // What was sent before it has arrived as well.
    expect(await echo()).toBe('Echo: hello');
    const [pid, ...others] = processesWith(mark);
    expect(others).toEqual([]);
    process.kill(pid!, signal);
    return { running, pid };
  };
  const killed = await amidst('SIGKILL');
  expect(await killed.running).toBe('The server was ended by signal 9.');
  expect(await until('waiting')).toMatchObject({ problem: 'The server was ended by signal 9.' });
  expect(await echo()).toContain('is tried again in a while');
  await again();
  const stopped = await amidst('SIGSTOP');
  clock.advance(seconds * 1000);
  expect(await stopped.running).toBe('The server did not answer in time.');
  // It is asked whether it is there at all.
  clock.advance(5000);
  expect(await until('waiting')).toMatchObject({ problem: 'The server does not answer any more.' });
  await again();
  expect(await echo()).toBe('Echo: hello');
  expect(processesWith(mark)).not.toContain(stopped.pid);
  await servers.stop('peer');
  expect(processesWith(mark)).toEqual([]);
});

test.each([
  ['HTTP', 'streamableHttp', 'http', 'mcp'],
  ['the older HTTP with events', 'sse', 'sse', 'sse'],
] as const)(
  'over %s, a server that goes away or stands still is told and come back to',
  async (_, way, kind, path) => {
    const first = await officialServer(way);
    const { port } = first;
    const { clock, echo, long, until, again, servers, events } = await house(overHttp(port, kind, path));
    expect(await echo()).toBe('Echo: hello');
    const amidst = async ({ child, asked }: typeof first, signal: NodeJS.Signals) => {
      const before = asked();
      const running = long();
      while (asked() === before) await pause(5);
      child.kill(signal);
      return { running };
    };
    const killed = await amidst(first, 'SIGKILL');
    expect(await killed.running).toMatch(/could not be asked|cannot be reached|before it had answered/);
    await until('waiting');
    expect(await echo()).toContain('is tried again in a while');
    const second = await officialServerAt(way, port);
    await again();
    const stopped = await amidst(second!, 'SIGSTOP');
    clock.advance(seconds * 1000);
    expect(await stopped.running).toBe('The server did not answer in time.');
    clock.advance(5000);
    expect(await until('waiting')).toMatchObject({ problem: 'The server does not answer any more.' });
    second!.child.kill('SIGCONT');
    await again();
    expect(await echo()).toBe('Echo: hello');
    await servers.stop('peer');
    const [opened, closed] = [await events('connection.opened'), await events('connection.closed')];
    expect(closed).toHaveLength(opened.length);
  },
);

test('a server that fails at its start is tried again with longer pauses, until it begins', async () => {
  const { clock, servers, until, folder, call } = await house(nodeServer(everything));
  const work = join(folder, 'late');
  chmodSync(folder, 0o755);
  const folders = [{ path: work, mode: 'ro' as const }];
  await servers.save('peer', nodeServer(filesystem, { args: [work], folders }), operator);
  expect((await servers.start('peer')).row.problem).toContain('no folder');
  for (const wait of [1000, 2000]) {
    clock.advance(wait - 1);
    expect((await servers.list())[0]).toMatchObject({ state: 'waiting' });
    clock.advance(1);
    await until('waiting');
  }
  mkdirSync(work, { mode: 0o755 });
  clock.advance(4000);
  await until('ready');
  expect(await call('list_directory', { path: work })).toBe('');
});

test('a server that does not know its session any more is met anew, and what it refused is asked again', async () => {
  let known = 0;
  const calls: string[] = [];
  const port = await serverWithSession(
    () => String(known),
    ({ method, session = '', response, say }) => {
      if (method !== 'tools/call') return response.writeHead(405).end();
      calls.push(session);
      // The third answer breaks off.
      if (calls.length < 3) return say({ content: [{ type: 'text', text: `of session ${session}` }] });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(': nothing\n\n');
    },
  );
  const { echo, events, servers } = await house(overHttp(port));
  expect(await echo()).toBe('of session 0');
  known++;
  expect(await echo()).toBe('of session 1');
  expect(calls).toEqual(['0', '1']);
  expect(await events('tool_server.ready')).toHaveLength(2);
  expect(await echo()).toBe('The server ended before it had answered.');
  expect((await servers.list())[0]).toMatchObject({ state: 'ready' });
});
