import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { count } from '../base/test-counts.ts';
import { standIn } from '../models/testing/ask-wire.ts';
import { overHttp, until } from './testing/callers.ts';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

const key = 'the-real-key-of-the-provider';

/** A house whose provider `stand-in` answers in this wire. */
async function houseWith(wire: 'messages' | 'chat', options: Parameters<typeof standIn>[0] = {}) {
  const server = await standIn({ key, ...options });
  const house = await openTestHouse();
  const client = overHttp(house, house.token);
  const baseUrl = wire === 'messages' ? server.url : server.openai;
  await client.models.configure({ provider: 'stand-in', wire, baseUrl, key });
  const token = async (wish: Partial<Parameters<typeof client.access.create>[0]> = {}) =>
    client.access.create({ name: 'my program', procedures: ['models.pass'], ...wish });
  return { server, house, client, token };
}

const ask = (
  { address }: Pick<TestHouse, 'address'>,
  path: string,
  headers: Record<string, string>,
  body: unknown = question,
) =>
  fetch(`${address}/models${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const question = {
  model: 'stand-in/one',
  max_tokens: 500,
  messages: [{ role: 'user', content: 'Hi' }],
};
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

test('a program of the person’s speaks with models by a token of its own, and never gets the key', async () => {
  const said = { text: 'The tide is high.', usage: { input: 100, output: 20, cacheRead: 0, cacheWrite: 0 } };
  const { server, house, token } = await houseWith('messages', { script: [said, said] });
  const made = await token();
  const sdk = new Anthropic({ baseURL: `${house.address}/models`, apiKey: made.value, maxRetries: 0 });
  const stream = sdk.messages.stream({ ...question, messages: [{ role: 'user', content: 'Hi' }] });
  const answer = await stream.finalMessage();
  expect(answer.content).toMatchObject([{ type: 'text', text: 'The tide is high.' }]);
  const listed = await sdk.models.list();
  expect(listed.data).toEqual([]);
  const events = (
    await house.record.query({ filter: { kinds: ['model.*'] }, limit: 10 })
  ).events.toReversed();
  const mine = { actor: { kind: 'client', id: made.token.id }, scope: { agent: made.token.id } };
  expect(events).toMatchObject([
    { kind: 'model.requested', ...mine },
    { kind: 'model.called', ...mine, data: { inputTokens: 100, outputTokens: 20, passed: true } },
  ]);
  // The program's own token goes no further, and the key comes from here alone.
  expect(server.requests[0]?.headers['x-api-key']).toBe(key);
  expect(JSON.stringify(server.requests[0]?.headers)).not.toContain(made.value);
});

test('chat completions and the list of models are where such programs look for them', async () => {
  const { house, token } = await houseWith('chat', { script: [{ text: 'Yes.' }] });
  const { value } = await token();
  const sdk = new OpenAI({ baseURL: `${house.address}/models/v1`, apiKey: value, maxRetries: 0 });
  const stream = await sdk.chat.completions.create({
    model: 'stand-in/one',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe('Yes.');
  expect((await sdk.models.list()).data).toEqual([]);
});

test('a token that was not made for it asks nobody, whoever’s it is', async () => {
  const { server, house, token } = await houseWith('messages');
  const other = await token({ procedures: ['record.query'] });
  const every = await token({ procedures: null });
  for (const value of [other.value, every.value, house.token]) {
    const answer = await ask(house, '/v1/messages', bearer(value));
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'permission_error' } });
  }
  for (const headers of [{}, bearer('hf_nobody'), { 'x-api-key': key }])
    expect((await ask(house, '/v1/chat/completions', headers as Record<string, string>)).status).toBe(401);
  const { token: revoked, value } = await token();
  await overHttp(house, house.token).access.revoke({ token: revoked.id });
  expect((await ask(house, '/v1/messages', bearer(value))).status).toBe(401);
  // And it may do nothing else.
  const { value: only } = await token();
  await expect(overHttp(house, only).house.status()).rejects.toThrow();
  expect(server.requests).toEqual([]);
});

test('each token has an account of its own, and its bound', async () => {
  const said = { text: 'Yes.', usage: { input: 400, output: 300, cacheRead: 0, cacheWrite: 0 } };
  const { server, house, client, token } = await houseWith('messages', { script: [said, said, said] });
  const bounded = await token({ budget: { tokens: 1000, micros: null, periodSeconds: 86_400 } });
  expect(bounded.token.budget).toEqual({ tokens: 1000, micros: null, periodSeconds: 86_400 });
  const free = await token();
  expect((await ask(house, '/v1/messages', bearer(bounded.value))).status).toBe(200);
  await until(async () =>
    (await client.budgets.get()).accounts.some(
      ({ of, tokens }) => of === bounded.token.id && tokens.spent === 700,
    ),
  );
  const refused = await ask(house, '/v1/messages', bearer(bounded.value), {
    ...question,
    metadata: { user_id: 'x'.repeat(200) },
  });
  expect(refused.status).toBe(402);
  expect(await refused.json()).toMatchObject({ error: { type: 'billing_error' } });
  expect((await ask(house, '/v1/messages', bearer(free.value))).status).toBe(200);
  expect(server.requests).toHaveLength(2);
});

test('pages of other sites, other methods and other paths get nothing', async () => {
  const { server, house, token } = await houseWith('messages');
  const { value } = await token();
  const foreign = await ask(house, '/v1/messages', { ...bearer(value), origin: 'https://evil.example' });
  expect(foreign.status).toBe(403);
  const asking = await fetch(`${house.address}/models/v1/messages`, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST' },
  });
  expect(asking.status).toBe(401);
  expect(asking.headers.get('access-control-allow-origin')).toBeNull();
  for (const path of ['/v1/files', '/v1/messages/batches', '/v1/../v1/x', '/', '/v1/constructor'])
    expect((await ask(house, path, bearer(value))).status).toBe(404);
  const packed = await ask(house, '/v1/messages', { ...bearer(value), 'content-encoding': 'gzip' });
  expect(packed.status).toBe(400);
  expect(server.requests).toEqual([]);
});

test('a token that ends cuts what it was being told', async () => {
  const { server, house, client, token } = await houseWith('messages', {
    script: [{ text: 'word '.repeat(5000), piece: 5, pace: 5 }],
  });
  const { token: made, value } = await token();
  const answer = await ask(house, '/v1/messages', bearer(value), { ...question, stream: true });
  const reader = answer.body!.getReader();
  await reader.read();
  await client.access.revoke({ token: made.id });
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  await expect(rest()).rejects.toThrow();
  await until(() => server.answering() === 0);
  await until(
    async () =>
      (await house.record.query({ filter: { kinds: ['model.failed'] }, limit: 1 })).events.length === 1,
  );
});

/** Questions that are nearly right, in every way in which they can be wrong. */
const odd = fc.record(
  {
    model: fc.constantFrom<unknown>(
      'by-messages/one',
      'by-chat/one',
      'nobody/x',
      '../x',
      7,
      null,
      ['a'],
      'gpt',
    ),
    max_tokens: fc.oneof(fc.integer(), fc.double(), fc.constant(null), fc.constant('5')),
    max_output_tokens: fc.oneof(fc.integer(), fc.jsonValue()),
    messages: fc.jsonValue({ maxDepth: 4 }),
    input: fc.jsonValue(),
    stream: fc.oneof(fc.boolean(), fc.jsonValue()),
    n: fc.oneof(fc.integer(), fc.jsonValue()),
    thinking: fc.jsonValue(),
    tools: fc.jsonValue(),
    __proto__: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

test('whatever is asked is answered in the form of its wire, and nothing stays set aside', async () => {
  // Takes whatever it is asked.
  const provider = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"odd": true}');
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void provider.close());
  const at = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const house = await openTestHouse();
  const client = overHttp(house, house.token);
  for (const wire of ['messages', 'chat'] as const)
    await client.models.configure({ provider: `by-${wire}`, wire, baseUrl: at, secret: null });
  const { value } = await client.access.create({ name: 'odd', procedures: ['models.pass'] });
  const paths = [
    '/v1/messages',
    '/v1/messages?beta=true&x=%00',
    '/v1/messages/count_tokens',
    '/v1/responses',
    '/v1/chat/completions',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.oneof(odd, fc.jsonValue()), async (path, body) => {
      const answer = await ask(house, path, bearer(value), body);
      const said = await answer.text();
      expect([200, 400, 404]).toContain(answer.status);
      if (answer.status !== 200) expect(JSON.parse(said)).toHaveProperty('error.message');
    }),
    { numRuns: count(60, 3000) },
  );
  const { accounts } = await client.budgets.get();
  expect(accounts.every(({ tokens }) => tokens.reserved === 0)).toBe(true);
});
