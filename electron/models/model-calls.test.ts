import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { status } from '../../e2e/stand-in-models/stand-in.ts';
import { ManualClock } from '../base/manual-clock.ts';
import {
  aCall,
  callOf,
  modelHouse,
  type ModelHouse,
  operator,
  pointAt,
  told,
} from './testing/model-house.ts';
import { standIn } from './testing/ask-wire.ts';
import { mostAttempts } from './calling/backoff.ts';

/** A call for which time passes only where it says that it waits, and then as far as it says. */
function passing(clock: ManualClock, house: ModelHouse) {
  return callOf(house, aCall(), undefined, (piece) => {
    if (piece.kind !== 'waiting' || piece.until === null) return;
    const { until } = piece;
    // By then it does wait.
    setImmediate(() => clock.advance(until.getTime() - clock.now().getTime()));
  });
}

test('an answer streams, its request is on the record before, and its numbers are at its end', async () => {
  const house = await modelHouse();
  const server = await standIn({ script: [{ text: 'Good day.', usage: { input: 20, output: 5 } }] });
  await pointAt(house, server);
  const { pieces, end } = await callOf(house, aCall());
  expect(pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : [])).join('')).toBe('Good day.');
  expect(end).toMatchObject({
    model: 'stand-in/one',
    stop: 'end',
    usage: { input: 20, output: 5 },
    cost: null,
    attempts: 1,
    message: { role: 'assistant', parts: [{ kind: 'text', text: 'Good day.' }] },
  });
  const [request, ...rest] = await told(house);
  expect(request).toMatchObject({ kind: 'model.requested', id: end.request, actor: { id: 'tester' } });
  expect(rest).toEqual([]);
});

test('what passes is tried again, with the words that it waits, and each failure is on the record', async () => {
  const clock = new ManualClock(new Date());
  const house = await modelHouse({ clock });
  const server = await standIn({
    script: [status(500), { text: 'A broken answer.', failure: { kind: 'cut' } }, { text: 'Whole.' }],
  });
  await pointAt(house, server);
  const { pieces, end } = await passing(clock, house);
  expect(end).toMatchObject({ attempts: 3, message: { parts: [{ text: 'Whole.' }] } });
  expect(pieces.filter(({ kind }) => kind === 'waiting').length).toBe(2);
  expect((await told(house)).map(({ kind }) => kind)).toEqual([
    'model.requested',
    'model.failed',
    'model.requested',
    'model.failed',
    'model.requested',
  ]);
});

test('attempts are bounded, and the problem says how often it was tried', async () => {
  const clock = new ManualClock(new Date());
  const house = await modelHouse({ clock });
  const server = await standIn({ answer: () => status(503) });
  await pointAt(house, server);
  await expect(passing(clock, house)).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining(`It was tried ${mostAttempts} times.`) as unknown,
  });
  expect(server.requests.length).toBe(mostAttempts);
});

test('patience that is asked for is given', async () => {
  const clock = new ManualClock(new Date());
  const house = await modelHouse({ clock });
  const server = await standIn({
    script: [status(429, { headers: { 'retry-after': '30' } }), { text: 'Now.' }],
  });
  await pointAt(house, server);
  const before = clock.now().getTime();
  await passing(clock, house);
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(30_000);
});

test('more patience than anybody has is not waited for', async () => {
  const house = await modelHouse();
  const server = await standIn({ script: [status(429, { headers: { 'retry-after': '3600' } })] });
  await pointAt(house, server);
  await expect(callOf(house, aCall())).rejects.toMatchObject({ code: 'model_failed' });
  expect(server.requests.length).toBe(1);
});

test('a wrong key fails at once with the name of its secret, and the right one is used from the next call on', async () => {
  const house = await modelHouse();
  const server = await standIn({ answer: () => ({ text: 'Welcome.' }), key: 'right-key' });
  await pointAt(house, server, { key: 'wrong-key' });
  await expect(callOf(house, aCall())).rejects.toMatchObject({
    code: 'model_refused',
    message: expect.stringContaining('stand-in.key') as unknown,
    mend: expect.stringContaining('holdfast configure --provider stand-in') as unknown,
  });
  expect(server.requests.length).toBe(1);
  await house.vault.set('stand-in.key', 'right-key');
  expect((await callOf(house, aCall())).end.attempts).toBe(1);
});

test('a key that is not there is told before anything is sent or set aside', async () => {
  const house = await modelHouse();
  await expect(callOf(house, aCall({ models: ['anthropic/claude-sonnet-5-5'] }))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('anthropic.key') as unknown,
  });
  expect(await told(house)).toEqual([]);
});

test('an unknown model is answered with those that are known', async () => {
  const house = await modelHouse();
  const server = await standIn({ script: [], models: ['claude-sonnet-5-5'] });
  await pointAt(house, server, { provider: 'anthropic', wire: 'messages' });
  await expect(callOf(house, aCall({ models: ['anthropic/claude-none'] }))).rejects.toMatchObject({
    code: 'model_refused',
    mend: expect.stringContaining('claude-sonnet-5-5') as unknown,
  });
});

test('a local server that is not there is told how it is started, without another try', async () => {
  const house = await modelHouse();
  const server = await standIn({ script: [] });
  await server.close();
  await house.providers.configure({ provider: 'ollama', baseUrl: server.openai }, operator);
  await expect(callOf(house, aCall({ models: ['ollama/small'] }))).rejects.toMatchObject({
    code: 'model_failed',
    mend: expect.stringContaining('ollama serve') as unknown,
  });
  expect((await told(house)).length).toBe(2);
});

test('where a model cannot be had the next of the chain answers', async () => {
  const house = await modelHouse();
  const broken = await standIn({ answer: () => status(401) });
  const well = await standIn({ script: [{ text: 'Here.' }] });
  await pointAt(house, broken);
  await pointAt(house, well, { provider: 'second', wire: 'messages' });
  const models = ['none/at-all', 'stand-in/one', 'second/two'] as const;
  const { pieces, end } = await callOf(house, aCall({ models }));
  expect(end.model).toBe('second/two');
  expect(pieces.filter(({ kind }) => kind === 'fell_back')).toMatchObject([
    { from: 'none/at-all', to: 'stand-in/one' },
    { from: 'stand-in/one', to: 'second/two' },
  ]);
  expect((await told(house)).filter(({ kind }) => kind === 'model.fell_back').length).toBe(2);
});

const silences = [
  ['that never begins to answer', { failure: { kind: 'silent' } }, 'did not begin'],
  [
    'that falls silent in the middle',
    { text: 'Half an answer.', failure: { kind: 'stalls' } },
    'fell silent',
  ],
] as const;
test.each(silences)('a server %s is given up, and tried again', async (_, scripted, words) => {
  const clock = new ManualClock(new Date());
  const house = await modelHouse({ clock });
  const server = await standIn({ script: [scripted, status(401)] });
  await pointAt(house, server);
  const state = { heard: words === 'did not begin', gaveUp: false };
  const calling = callOf(house, aCall(), undefined, (piece) => {
    state.heard ||= piece.kind === 'text';
    if (piece.kind !== 'waiting') return;
    state.gaveUp = true;
    setImmediate(() => clock.advance(20_000));
  });
  const ended = calling.catch((thrown: unknown) => thrown);
  while (!state.gaveUp) {
    await new Promise((resolve) => setImmediate(resolve));
    // Time passes only where the silence is the server's.
    if (state.heard && server.requests.length === 1) clock.advance(1000);
  }
  expect(await ended).toMatchObject({ code: 'model_refused' });
  const reason: unknown = expect.stringContaining(words);
  expect((await told(house))[1]).toMatchObject({ kind: 'model.failed', data: { code: 'slow', reason } });
});

test.each(['chat', 'messages'] as const)(
  'an answer that drips without an end is ended, charged for what was heard, and not asked for again (%s)',
  async (wire) => {
    const clock = new ManualClock(new Date());
    const own =
      'providers: { stand-in: { title: Stand-in, wire: chat, base_url: "http://127.0.0.1:9/v1", patience: { idle: 30, total: 90 } } }';
    const house = await modelHouse({ clock, own });
    const server = await standIn({ answer: () => ({ text: 'Drop by drop.', failure: { kind: 'drips' } }) });
    await pointAt(house, server, { wire });
    // Each drop is well within the idle time.
    const calling = callOf(house, aCall(), undefined, ({ kind }) => kind === 'text' && clock.advance(20_000));
    await expect(calling).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringContaining('was not done within 90 seconds') as unknown,
      mend: expect.stringContaining('patience.total of the provider stand-in') as unknown,
    });
    expect(server.requests.length).toBe(1);
    const [, failed] = await told(house);
    expect(failed).toMatchObject({ kind: 'model.failed', data: { code: 'endless' } });
    expect((failed!.data as { settled: { tokens: number } }).settled.tokens).toBeGreaterThan(0);
    await expect.poll(() => server.answering()).toBe(0);
  },
);

test('a server with which no connection comes about is given up soon, with its address, and costs nothing', async () => {
  const clock = new ManualClock(new Date());
  const house = await modelHouse({ clock });
  // It takes the line and never answers the greeting of TLS.
  const line = createServer();
  const sockets = new Set<Socket>();
  line.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    clock.advance(5_000);
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => line.close(resolve));
  });
  const { port } = line.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}/v1`;
  await house.vault.set('stand-in.key', 'test-key');
  await house.providers.configure(
    { provider: 'stand-in', wire: 'chat', baseUrl: url, secret: 'stand-in.key' },
    operator,
  );
  const call = aCall();
  await expect(callOf(house, call)).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining(`cannot be reached at ${url}: No connection to it was made`) as unknown,
  });
  expect((await told(house)).at(-1)).toMatchObject({
    kind: 'model.failed',
    data: { code: 'unreachable', settled: { tokens: 0 } },
  });
  expect(house.budgets.sessionSpent(call.session).tokens).toBe(0);
});

test('a provider that keeps failing is left alone for a while, then asked again', async () => {
  const clock = new ManualClock(new Date());
  const house = await modelHouse({ clock });
  let well = false;
  const server = await standIn({ answer: () => (well ? { text: 'Back.' } : status(500)) });
  await pointAt(house, server);
  await expect(passing(clock, house)).rejects.toMatchObject({ code: 'model_failed' });
  await expect(passing(clock, house)).rejects.toMatchObject({
    message: expect.stringContaining('left alone until') as unknown,
  });
  const asked = server.requests.length;
  await expect(callOf(house, aCall())).rejects.toMatchObject({ code: 'model_failed' });
  expect(server.requests.length).toBe(asked);
  well = true;
  clock.advance(31_000);
  expect((await callOf(house, aCall())).end.message.parts).toMatchObject([{ text: 'Back.' }]);
});

test('a call that is given up is settled and on the record, and its provider hears of it', async () => {
  const house = await modelHouse();
  const server = await standIn({ script: [{ text: 'Half an answer.', failure: { kind: 'stalls' } }] });
  await pointAt(house, server);
  const control = new AbortController();
  const calling = callOf(house, aCall(), control.signal, ({ kind }) => kind === 'text' && control.abort());
  await expect(calling).rejects.toMatchObject({ code: 'cancelled' });
  expect((await told(house))[1]).toMatchObject({ kind: 'model.failed', data: { code: 'cancelled' } });
  expect(house.budgets.accounts().every(({ reserved }) => reserved.tokens === 0)).toBe(true);
  await expect.poll(() => server.answering()).toBe(0);
});

test('who stops listening in the middle ends the call as well', async () => {
  const house = await modelHouse();
  const server = await standIn({ script: [{ text: 'Half an answer.', failure: { kind: 'stalls' } }] });
  await pointAt(house, server);
  for await (const piece of house.models.call(aCall(), new AbortController().signal))
    if (piece.kind === 'text') break;
  expect((await told(house))[1]).toMatchObject({ kind: 'model.failed', data: { code: 'cancelled' } });
  await expect.poll(() => server.answering()).toBe(0);
});

test('no more than the bound ask at a time, and sessions take turns', async () => {
  const own =
    'providers: { stand-in: { title: Stand-in, wire: chat, base_url: "http://127.0.0.1:9/v1", concurrency: 1 } }';
  const house = await modelHouse({ own });
  const gate = Promise.withResolvers<void>();
  let most = 0;
  const order: string[] = [];
  const server = await standIn({
    answer: async ({ messages }) => {
      most = Math.max(most, server.answering());
      order.push(messages[0]?.text ?? '');
      await gate.promise;
      return { text: 'Yes.' };
    },
  });
  await pointAt(house, server);
  const [busy, modest] = [aCall(), aCall()];
  const saying = (call: typeof busy, text: string) =>
    callOf(house, { ...call, messages: [{ role: 'user', parts: [{ kind: 'text', text }] }] });
  const calls = [saying(busy, 'busy 1')];
  await expect.poll(() => server.requests.length).toBe(1);
  calls.push(
    saying(busy, 'busy 2'),
    saying(busy, 'busy 3'),
    saying(busy, 'busy 4'),
    saying(modest, 'modest'),
  );
  gate.resolve();
  await Promise.all(calls);
  expect(most).toBe(1);
  expect(order).toEqual(['busy 1', 'busy 2', 'modest', 'busy 3', 'busy 4']);
});

test('agents that name no model have none until one was chosen', async () => {
  const house = await modelHouse();
  await expect(house.models.defaultModel()).rejects.toMatchObject({
    code: 'unavailable',
    mend: expect.stringContaining('holdfast configure') as unknown,
  });
  const data = { key: 'models.default', value: 'openai/gpt-6-sol' } as const;
  await house.record.append({ kind: 'setting.changed', actor: operator, data });
  expect(await house.models.defaultModel()).toBe('openai/gpt-6-sol');
});
