import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { WebSocket } from 'ws';
import type { Approval } from '../../shared/approval.ts';
import type { PlannedCall } from '../approvals/asking.ts';
import { systemClock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { type Client, openSocket, overHttp, overSocket, problemFrom } from './testing/callers.ts';
import type { GatewayPort } from './port.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

/** A call that waits until the test is over. */
function waitingCall(house: TestHouse, line: string): Promise<unknown> {
  const now = systemClock.now();
  const call: PlannedCall = {
    call: newId('call', now),
    session: newId('session', now),
    agent: 'coder',
    tool: { name: 'exec', title: 'Command', surface: 'sandbox', action: false },
    input: { command: line },
    intents: [{ kind: 'shell', line, cwd: '/project', writes: true }],
    folder: '/project',
    crossings: [{ kind: 'command', words: 'runs a command in your folder' }],
    level: 'boundaries',
    plan: 'plan',
    executed: null,
  };
  const deciding = house.approvals.decide(call, { unattended: 'wait' }, new AbortController().signal);
  deciding.catch(() => undefined);
  return deciding;
}

async function firstWaiting(client: Client): Promise<Approval> {
  const watched = await client.approvals.watch();
  const first = await watched.next();
  await watched.return?.(undefined);
  if (first.done === true) throw new Error('nothing waits');
  return first.value;
}

function overUnixSocket(house: TestHouse, token: string): Client {
  const socket = new WebSocket('ws://holdfast/ws', ['holdfast.v1', `bearer.${token}`], {
    createConnection: () => connect(house.socket),
  });
  onTestFinished(() => socket.terminate());
  return overSocket(socket);
}

/** A port as Electron's main process has it, made of Node's. */
function overPort(house: TestHouse, kind: 'operator' | 'client' | 'agent'): Client {
  const { port1, port2 } = new MessageChannel();
  const port: GatewayPort = {
    postMessage: (message) => port1.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      port1.on(event as 'message', (data: unknown) => listener({ data })),
    start: () => port1.start(),
    close: () => port1.close(),
  };
  house.gateway.attachPort(port, { kind, name: 'window', token: null, procedures: null, mcp: null });
  onTestFinished(() => port1.close());
  return createORPCClient(new PortLink({ port: port2 }));
}

const everywhere = { effect: 'allow', what: 'exec: *' } as const;

test('whoever watches sees a question and its answer; the second to answer hears who was first', async () => {
  const house = await openTestHouse();
  const [one, other] = [overHttp(house, house.token), overSocket(openSocket(house, house.token))];
  const watched = await other.approvals.watch();
  const deciding = waitingCall(house, 'git push');
  const told = await watched.next();
  if (told.done === true) throw new Error('nothing was told');
  const asked = told.value;
  expect(asked).toMatchObject({ state: 'pending', line: 'git push' });
  expect(await one.approvals.list()).toEqual([asked]);
  await one.approvals.answer({ approval: asked.id.slice(0, -3), answer: { kind: 'once' } });
  expect(await deciding).toMatchObject({ may: true });
  expect((await watched.next()).value).toMatchObject({
    id: asked.id,
    state: 'granted',
    settled: { how: 'once' },
  });
  await watched.return?.(undefined);
  const late = await problemFrom(other.approvals.answer({ approval: asked.id, answer: { kind: 'deny' } }));
  expect(late).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/allowed by the person here \(tok_/),
  });
  expect(await one.approvals.list({ every: true })).toHaveLength(1);
});

test('no token of a client, and none of an agent, answers or makes rules, by whatever way it comes', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  void waitingCall(house, 'git push');
  const { id } = await firstWaiting(operator);
  const outside = (await operator.access.create({ name: 'outside', caller: 'client' })).value;
  const named = {
    name: 'named',
    caller: 'client',
    procedures: ['approvals.answer', 'rules.add', 'rules.remove'],
  } as const;
  const willing = (await operator.access.create({ ...named, procedures: [...named.procedures] })).value;
  const { id: rule } = await operator.rules.add({ effect: 'deny', what: 'exec: rm *' });
  const callers = [outside, willing].flatMap((token) => [
    overHttp(house, token),
    overSocket(openSocket(house, token)),
    overUnixSocket(house, token),
  ]);
  for (const caller of [...callers, overPort(house, 'client'), overPort(house, 'agent')]) {
    for (const attempt of [
      caller.approvals.answer({ approval: id, answer: { kind: 'once' } }),
      caller.approvals.answer({ approval: id, answer: { kind: 'always', rules: [everywhere] } }),
      caller.rules.add(everywhere),
      caller.rules.remove({ rule }),
    ]) {
      expect(await problemFrom(attempt)).toMatchObject({ code: 'forbidden' });
    }
  }
  expect(await operator.approvals.get({ approval: id })).toMatchObject({ state: 'pending' });
  expect(await operator.rules.list()).toMatchObject([{ id: rule, ended: null }]);
  expect(
    await overPort(house, 'operator').approvals.answer({ approval: id, answer: { kind: 'once' } }),
  ).toMatchObject({ state: 'granted' });
});

test('a client may see what waits and try what rules would do', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  const client = overHttp(house, (await operator.access.create({ name: 'board', caller: 'client' })).value);
  void waitingCall(house, 'git status');
  const { id } = await firstWaiting(client);
  const { suggestions } = await client.approvals.get({ approval: id });
  expect(suggestions.map(({ draft }) => draft.what)).toEqual(['exec: git status *']);
  const preview = await client.rules.preview(suggestions[0]!.draft);
  expect(preview).toMatchObject({
    looked: 1,
    calls: [{ line: 'git status', before: 'asked', now: 'allow' }],
  });
  const call = { kind: 'line', line: 'git status | head' } as const;
  expect(await client.rules.test({ call })).toMatchObject({
    verdict: 'ask',
    parts: [{ text: 'git status', verdict: 'ask' }, { text: 'head' }],
    order: [],
  });
});

test('a rule that nobody could read is refused with what it may be', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  for (const what of ['nonsense', 'exec:', 'web_search', 'file_write: relative', 'x with tool: y']) {
    expect(await problemFrom(operator.rules.add({ effect: 'allow', what }))).toMatchObject({
      code: 'invalid_input',
    });
  }
  const past = { ...everywhere, expires: '2020-01-01T00:00:00.000Z' };
  expect(await problemFrom(operator.rules.add(past))).toMatchObject({ code: 'invalid_input' });
});
