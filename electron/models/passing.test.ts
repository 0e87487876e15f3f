import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { status } from '../../e2e/stand-in-models/stand-in.ts';
import { systemClock } from '../base/clock.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { newId } from '../base/ids.ts';
import { Lanes } from './calling/lane.ts';
import { Passing, type PassedAnswer, type PassedRequest, type PassedWire, type Payer } from './passing.ts';
import { standIn } from './testing/ask-wire.ts';
import { modelHouse, pointAt } from './testing/model-house.ts';

const never = new AbortController().signal;
const priced = `
models:
  stand-in/one: { context: 100000, output: 4000, price: { input: 2, output: 10 } }
`;

const questions: Readonly<Record<PassedWire, (more?: object) => object>> = {
  messages: (more) => ({
    model: 'stand-in/one',
    max_tokens: 1000,
    stream: true,
    messages: [{ role: 'user', content: 'Hi' }],
    ...more,
  }),
  chat: (more) => ({
    model: 'stand-in/one',
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: 'Hi' }],
    ...more,
  }),
  responses: (more) => ({ model: 'stand-in/one', stream: true, input: 'Hi', ...more }),
};
const wires = Object.keys(questions) as PassedWire[];

async function house(wire: PassedWire, options: Parameters<typeof standIn>[0] = {}) {
  const server = await standIn({ key: 'test-key', ...options });
  const models = await modelHouse({ own: priced });
  await pointAt(models, server, { wire: wire === 'messages' ? 'messages' : 'chat' });
  const { lanes } = models.models;
  const passing = new Passing({ ...models, lanes, clock: systemClock, fetch: globalThis.fetch });
  const session = newId('session', new Date());
  const payer: Payer = { actor: { kind: 'agent', id: session }, agent: 'mender', session, model: null };
  const asked = (question: object, more: Partial<PassedRequest> = {}): PassedRequest => ({
    wire,
    search: '',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-secret': 'no' },
    body: Buffer.from(JSON.stringify(question)),
    ...more,
  });
  const kinds = async () =>
    (await models.record.query({ filter: { kinds: ['model.*'] }, limit: 20 })).events.toReversed();
  return { server, models, passing, payer, session, asked, kinds };
}

async function textOf({ body }: PassedAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** The same question, asked without Holdfast. */
async function direct(url: string, wire: PassedWire, question: object): Promise<string> {
  const path = { messages: '/v1/messages', chat: '/v1/chat/completions', responses: '/v1/responses' }[wire];
  const headers = {
    'content-type': 'application/json',
    'x-api-key': 'test-key',
    authorization: 'Bearer test-key',
  };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(question) });
  return answer.text();
}

/** What differs from answer to answer. */
const without = (text: string) =>
  text.replaceAll(/answer_\d+/g, 'answer').replaceAll(/"created(_at)?":\d+/g, '"created":0');

const said = {
  text: 'The tide is high. 🦉',
  usage: { input: 100, output: 20, cacheRead: 40, cacheWrite: 0 },
  piece: 5,
};

test.each(wires)(
  'over %s an answer streams through as it is, and what it took is on the record; a failure does, and costs nothing',
  async (wire) => {
    const complaint = status(529, { message: 'Overloaded, test-key.' });
    const { server, passing, payer, asked, kinds, models } = await house(wire, {
      script: [said, said, complaint],
    });
    const answer = await passing.pass(asked(questions[wire]()), payer, never);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/event-stream');
    const passed = await textOf(answer);
    expect(without(passed)).toBe(without(await direct(server.url, wire, questions[wire]({ model: 'one' }))));
    const [requested, called] = await kinds();
    expect(requested).toMatchObject({
      kind: 'model.requested',
      scope: { agent: 'mender' },
      data: { model: 'stand-in/one' },
    });
    expect(called).toMatchObject({
      kind: 'model.called',
      parent: requested?.id,
      data: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 40, passed: true, cost: 400 },
      blobs: [{ name: 'request.json' }, { name: 'answer' }],
    });
    // What was sent: the provider's own name of the model, its key, and no header that nobody knows.
    expect(server.requests[0]).toMatchObject({ model: 'one' });
    expect(server.requests[0]?.headers).not.toHaveProperty('x-secret');
    const failed = await passing.pass(asked(questions[wire]()), payer, never);
    expect(failed.status).toBe(529);
    // A key that is complained of goes no further than that.
    expect(await textOf(failed)).toContain('Overloaded, [secret].');
    expect((await kinds()).at(-1)).toMatchObject({
      kind: 'model.failed',
      data: { code: 'status_529', settled: { tokens: 0 } },
    });
    expect(models.budgets.accounts().every(({ reserved }) => reserved.tokens === 0)).toBe(true);
  },
);

const wholes = [
  [
    'messages',
    {
      type: 'message',
      content: [{ type: 'text', text: 'High.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 60, cache_read_input_tokens: 40, output_tokens: 20 },
    },
  ],
  [
    'chat',
    {
      object: 'chat.completion',
      choices: [{ message: { content: 'High.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 40 } },
    },
  ],
  [
    'responses',
    {
      object: 'response',
      status: 'completed',
      output: [],
      usage: { input_tokens: 100, output_tokens: 20, input_tokens_details: { cached_tokens: 40 } },
    },
  ],
] as const;

test('an answer in one piece is read the same', async () => {
  const { models, passing, payer, asked, kinds } = await house('chat');
  let text = '';
  const provider = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-internal': 'no' });
    response.end(text);
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void provider.close());
  const { port } = provider.address() as AddressInfo;
  const address = { url: `http://127.0.0.1:${port}`, openai: `http://127.0.0.1:${port}/v1` };
  for (const [wire, whole] of wholes) {
    text = JSON.stringify(whole);
    await pointAt(models, address as never, { wire: wire === 'messages' ? 'messages' : 'chat' });
    const question = questions[wire]({ stream: false, stream_options: undefined });
    const answer = await passing.pass({ ...asked(question), wire }, payer, never);
    expect(answer.headers).toEqual({ 'content-type': 'application/json' });
    expect(await textOf(answer)).toBe(text);
    expect((await kinds()).at(-1)).toMatchObject({
      kind: 'model.called',
      data: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 40 },
    });
  }
});

test.each(wires)(
  'over %s what no budget holds is refused before it is asked, in its own form',
  async (wire) => {
    const { server, passing, payer, asked, kinds, models } = await house(wire, { script: [said, said] });
    const budgets = { agent: { tokens: 1000, micros: null, periodSeconds: 0 } };
    const first = await passing.pass(asked(questions[wire]()), { ...payer, budgets }, never);
    await textOf(first);
    // Only so much was left for its answer.
    const bound = { messages: 'max_tokens', chat: 'max_tokens', responses: 'max_output_tokens' }[wire];
    expect(Number(server.requests[0]?.body[bound])).toBeLessThan(1000);
    const before = server.requests.length;
    const second = await passing.pass(
      asked(questions[wire]({ metadata: { note: 'x'.repeat(3000) } })),
      { ...payer, budgets },
      never,
    );
    expect(second.status).toBe(wire === 'responses' ? 429 : 402);
    expect(second.headers['x-should-retry']).toBe('false');
    const { error } = JSON.parse(await textOf(second)) as { error: { type: string; message: string } };
    expect(error.type).toBe(wire === 'messages' ? 'billing_error' : 'insufficient_quota');
    expect(error.message).toContain('The budget of the agent mender is used up');
    expect(server.requests).toHaveLength(before);
    expect((await kinds()).map(({ kind }) => kind)).toEqual(['model.requested', 'model.called']);
    expect(models.budgets.accounts().find(({ name }) => name.kind === 'agent')?.spent.tokens).toBe(120);
  },
);

test('who goes away in the middle pays for what was said until then, and the provider hears of it', async () => {
  const { server, passing, payer, asked, kinds } = await house('messages', {
    script: [{ text: 'word '.repeat(400), piece: 5, pace: 5 }],
  });
  const leaving = new AbortController();
  const answer = await passing.pass(asked(questions.messages({ stream: true })), payer, leaving.signal);
  let heard = 0;
  const reading = (async () => {
    for await (const piece of answer.body) if ((heard += piece.byteLength) > 2000) leaving.abort();
  })();
  await expect(reading).rejects.toThrow();
  while (server.answering() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const last = (await kinds()).at(-1);
  expect(['model.failed', 'model.called']).toContain(last?.kind);
  expect(JSON.stringify(last?.data)).toMatch(/[1-9]/);
});

test('a model may be fixed, and one that nobody serves in this form is refused', async () => {
  const { server, passing, payer, asked } = await house('messages', { script: [said] });
  await textOf(
    await passing.pass(
      asked(questions.messages({ model: 'whatever' })),
      { ...payer, model: 'stand-in/one' },
      never,
    ),
  );
  expect(server.requests[0]?.model).toBe('one');
  const unknown = await passing.pass(asked(questions.messages({ model: 'whatever' })), payer, never);
  expect([unknown.status, await textOf(unknown)]).toEqual([404, expect.stringContaining('not_found_error')]);
  const other = await passing.pass(asked(questions.chat(), { wire: 'chat' }), payer, never);
  expect([other.status, await textOf(other)]).toEqual([
    400,
    expect.stringContaining('does not take questions'),
  ]);
});

test('what cannot be understood is refused and asks nobody', async () => {
  const { server, passing, payer, asked, kinds } = await house('chat');
  const wrongs = ['{"model": ', Buffer.from([0xff, 0xfe]), '[]', '{}', '{"model":"x","background":true}'];
  for (const wrong of wrongs) {
    const answer = await passing.pass({ ...asked({}), body: Buffer.from(wrong) }, payer, never);
    expect(answer.status).toBe(400);
  }
  expect(server.requests).toHaveLength(0);
  expect(await kinds()).toEqual([]);
});

test('what a question says twice, asks for several times, or leaves to its provider, is paid for in full', async () => {
  const { server, passing, payer, asked, kinds } = await house('chat', { script: [said, said, said, said] });
  const twice = JSON.stringify(questions.chat({ max_tokens: 10 })).replace('{', '{"max_tokens":3999,');
  await textOf(await passing.pass({ ...asked({}), body: Buffer.from(twice) }, payer, never));
  expect(server.requests[0]?.body['max_tokens']).toBe(10);
  const many = questions.chat({ max_tokens: 1000, n: 4 });
  await textOf(await passing.pass(asked(many), payer, never));
  const going = questions.responses({ max_output_tokens: 10, previous_response_id: 'r_1' });
  await textOf(await passing.pass({ ...asked(going), wire: 'responses' }, payer, never));
  const reserved = (await kinds())
    .filter(({ kind }) => kind === 'model.requested')
    .map(({ data }) => (data as { reserved: { tokens: number } }).reserved.tokens);
  expect(reserved[1]).toBeGreaterThan(4000);
  expect(reserved[2]).toBe(100_010);
  // Of several answers each is bound, so that all of them together fit.
  const budgets = { agent: { tokens: 2500, micros: null, periodSeconds: 0 } };
  await textOf(await passing.pass(asked(many), { ...payer, agent: 'other', budgets }, never));
  expect(Number(server.requests[3]?.body['max_tokens'])).toBeLessThanOrEqual(625);
});

test('who goes away before an answer in one piece is there pays for the longest one', async () => {
  const { server, passing, payer, asked, kinds, models } = await house('messages', {
    script: [{ failure: { kind: 'silent' } }],
  });
  const leaving = new AbortController();
  const question = questions.messages({ stream: false });
  const answer = passing.pass(asked(question), payer, leaving.signal);
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  leaving.abort();
  expect((await answer).status).toBeGreaterThanOrEqual(400);
  const [requested, failed] = await kinds();
  const { reserved = null } = (requested?.data ?? {}) as { reserved?: { tokens: number } };
  const tokens = reserved?.tokens ?? 0;
  expect(failed).toMatchObject({ kind: 'model.failed', data: { code: 'cut', settled: { tokens } } });
  expect(models.budgets.accounts().every((account) => account.reserved.tokens === 0)).toBe(true);
});

test('a provider that is not there costs nothing, and one that says nothing is given up', async () => {
  const clock = new ManualClock(new Date());
  const { server, models, payer, asked, kinds } = await house('chat', {
    script: [{ failure: { kind: 'silent' } }, { failure: { kind: 'stalls' } }],
  });
  const lanes = new Lanes(clock);
  const passing = new Passing({ ...models, lanes, clock, fetch: globalThis.fetch });
  const silent = passing.pass(asked(questions.chat()), payer, never);
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clock.advance(301_000);
  expect([(await silent).status, await textOf(await silent)]).toEqual([
    503,
    expect.stringContaining('did not begin to answer within 300 seconds'),
  ]);
  const stalls = await passing.pass(asked(questions.chat()), payer, never);
  const reading = textOf(stalls);
  const given = { up: false };
  reading.catch(() => (given.up = true));
  // While words still come, the time for the next ones begins anew.
  while (!given.up) {
    clock.advance(10_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await server.close();
  const nobody = await passing.pass(asked(questions.chat()), payer, never);
  expect(nobody.status).toBe(502);
  const ends = (await kinds()).filter(({ kind }) => kind !== 'model.requested');
  expect(ends.map(({ data }) => (data as { code: string }).code)).toEqual(['cut', 'cut', 'unreachable']);
  expect(ends.at(-1)).toMatchObject({ data: { settled: { tokens: 0 } } });
  expect(clock.waiting).toBe(0);
});
