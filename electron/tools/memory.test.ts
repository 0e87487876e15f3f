import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import type { Agent } from '../../shared/agent.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { silentLog } from '../base/log.ts';
import type { AuditRecord } from '../audit/record.ts';
import { Budgets } from '../models/budgets.ts';
import { Embeddings } from '../models/embeddings.ts';
import { KnownModels } from '../models/known-models.ts';
import { Providers } from '../models/providers.ts';
import { Embedder } from './memory/embedder.ts';
import { Memories } from './memory/memories.ts';
import { memoryHands } from './memory/memory-hands.ts';
import { openToolRecord, operator } from './testing/open-tool-record.ts';
import { someAgent, someHandsOf } from './testing/some-hands-of.ts';

const bundled = fileURLToPath(new URL('../../resources/models/models.yaml', import.meta.url));

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => Problem.of(thrown),
  );

const none = { model: null, embed: () => Promise.resolve(null) };

function open(record: AuditRecord, embedder: Pick<Embedder, 'model' | 'embed'> = none) {
  const clock = new ManualClock();
  const memories = new Memories({ record, clock, log: silentLog(), embedder });
  onTestFinished(() => memories.close());
  const hands = (agent: Partial<Agent> = {}) => memoryHands(memories, someHandsOf({ agent }));
  return { memories, hands, clock };
}

const fact = (content: string, replaces: string | null = null) =>
  ({ content, category: 'fact', replaces }) as const;
const ask = (query: string) => ({ query, limit: 5, category: null });

test('what is remembered is found by its words, for its agent alone, also in the next life', async () => {
  const first = await openToolRecord();
  const { hands } = open(first.record);
  const { id } = await hands().store(fact('The invoices lie in the folder “Rechnungen” on the büro share.'));
  await hands().store({
    content: 'The person prefers short answers.',
    category: 'preference',
    replaces: null,
  });
  await hands({ name: 'other' }).store(fact('Invoices are none of mine.'));
  const { found, how } = await hands().query(ask('The invoice from the buro'));
  expect(found[0]).toMatchObject({ id, category: 'fact' });
  // The other says “the” alone.
  expect(found[0]!.score).toBeGreaterThan(3 * (found[1]?.score ?? 0));
  expect(how).toBe('by words');
  expect((await hands().query({ ...ask('person'), category: 'fact' })).found).toEqual([]);
  expect((await hands().query(ask('“" * AND NOT ('))).found).toEqual([]);
  await first.close();

  const { record } = await openToolRecord(first.folder);
  const later = open(record);
  expect((await later.hands().query(ask('rechnungen'))).found).toMatchObject([{ id }]);
  expect(later.memories.agents()).toEqual([
    { agent: 'other', count: 1 },
    { agent: 'tester', count: 2 },
  ]);
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('the oldest goes where there is no more room, one is replaced by another, and a call stores once', async () => {
  const { record } = await openToolRecord();
  const { memories, hands } = open(record);
  const memory = { ...someAgent().memory, episodicMostRecords: 3, episodicMostBytes: 64 };
  const few = () => hands({ memory });
  const ids = [];
  for (const word of ['alpha', 'beta', 'gamma']) ids.push((await few().store(fact(word))).id);
  await few().store(fact('delta'));
  expect((await memories.list('tester')).map(({ content }) => content)).toEqual(['beta', 'gamma', 'delta']);
  await few().store(fact('better beta', ids[1]));
  expect((await memories.list('tester')).map(({ content }) => content)).toEqual([
    'gamma',
    'delta',
    'better beta',
  ]);
  expect(await problemOf(few().store(fact('x', ids[0])))).toMatchObject({ code: 'not_found' });
  expect(await problemOf(few().store(fact('é'.repeat(33))))).toMatchObject({ code: 'too_large' });
  expect(await problemOf(few().store(fact('  ')))).toMatchObject({ code: 'invalid_input' });
  const call = someHandsOf({ agent: { memory } });
  const first = await memoryHands(memories, call).store(fact('epsilon'));
  expect(await memoryHands(memories, call).store(fact('epsilon'))).toEqual(first);
  await few().remove(first.id);
  expect((await memories.list('tester')).map(({ content }) => content)).toEqual(['delta', 'better beta']);
  const removed = (await record.query({ filter: { kinds: ['memory.removed'] }, limit: 10 })).events;
  expect(removed.map(({ data }) => (data as { reason: string }).reason)).toEqual([
    'deleted',
    'evicted',
    'replaced',
    'evicted',
  ]);
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('an agent without a memory has none, and another agent’s is not there', async () => {
  const { record } = await openToolRecord();
  const { hands } = open(record);
  const off = { ...someAgent().memory, episodic: false };
  expect(() => hands({ memory: off })).toThrow('has no memory');
  const { id } = await hands().store(fact('mine'));
  expect(await problemOf(hands({ name: 'other' }).remove(id))).toMatchObject({ code: 'not_found' });
});

test('a person puts a memory right and erases it: nothing of any wording is left', async () => {
  const { record } = await openToolRecord();
  const { memories, hands } = open(record);
  const { id } = await hands().store(fact('the zebra lives next door'));
  await hands().store(fact('the giraffe stays'));
  await memories.edit(id, { content: 'the okapi lives next door', category: 'observation' }, operator);
  expect((await hands().query(ask('zebra'))).found).toEqual([]);
  expect((await hands().query(ask('okapi'))).found).toMatchObject([{ id, category: 'observation' }]);
  expect((await record.rebuild(operator)).differences).toBe(0);
  await memories.erase(id, operator);
  expect((await hands().query(ask('okapi'))).found).toEqual([]);
  expect(await problemOf(memories.get(id))).toMatchObject({ code: 'not_found' });
  const left = async (text: string) => (await record.query({ filter: { text }, limit: 10 })).events.length;
  expect([await left('zebra'), await left('okapi'), await left('giraffe')]).toEqual([0, 0, 1]);
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('a wording that is erased from the record by its number is found by nobody any more', async () => {
  const { record } = await openToolRecord();
  const { hands } = open(record);
  await hands().store(fact('the zebra lives next door'));
  expect((await hands().query(ask('zebra'))).found).toHaveLength(1);
  const { events } = await record.query({ filter: { kinds: ['memory.worded'] }, limit: 1 });
  await record.erase(events[0]!.seq, 'told in confidence', operator);
  expect((await hands().query(ask('zebra'))).found).toEqual([]);
});

/** A server of embeddings: each text is as far along each axis as it holds that word. */
async function embeddings(axes: readonly string[]) {
  const asked: { body: { model: string; input: string }; authorization: string | undefined }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const body = JSON.parse(text) as { model: string; input: string };
      asked.push({ body, authorization: request.headers.authorization });
      response.writeHead(status, { 'content-type': 'application/json' });
      const embedding = axes.map((axis) =>
        axis.split('|').some((word) => body.input.includes(word)) ? 1 : 0.01,
      );
      response.end(
        JSON.stringify({
          object: 'list',
          data: [{ object: 'embedding', index: 0, embedding }],
          usage: { prompt_tokens: 7, total_tokens: 7 },
        }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { asked, baseUrl: `http://127.0.0.1:${port}/v1`, answer: (code: number) => (status = code) };
}

/** What asks that server, over the real providers, budgets and record; the model is at home under its own key. */
async function embedderAt(
  { record, vault, folder }: Pick<Awaited<ReturnType<typeof openToolRecord>>, 'record' | 'vault' | 'folder'>,
  baseUrl: string,
  clock: ManualClock,
) {
  const known = await KnownModels.read({ bundled, own: join(folder, 'models.yaml') });
  const providers = new Providers(record, vault, known);
  await vault.set('home.key', 'secret-of-home');
  await providers.configure({ provider: 'home', wire: 'chat', baseUrl, secret: 'home.key' }, operator);
  const budgets = new Budgets(record, clock);
  const asking = new Embeddings({ record, known, providers, budgets, fetch: globalThis.fetch });
  const embedder = new Embedder({
    clock,
    model: () => 'home/meaning',
    ask: (ref, text, by) => asking.embed(ref, text, by),
  });
  return { embedder, budgets };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

test('with a model of embeddings it is found by meaning, and by words where the server fails', async () => {
  const first = await openToolRecord();
  const server = await embeddings(['car|vehicle', 'cake|dessert']);
  const clock = new ManualClock();
  const { embedder } = await embedderAt(first, server.baseUrl, clock);
  const { hands } = open(first.record, embedder);
  const car = await hands().store(fact('The red car is sold.'));
  const cake = await hands().store(fact('The cake has to be ready on Friday.'));
  expect(server.asked[0]).toMatchObject({
    body: { model: 'meaning' },
    authorization: 'Bearer secret-of-home',
  });
  const { found, how } = await hands().query(ask('Which vehicle?'));
  expect(how).toBe('by words and meaning');
  expect(found.map(({ id }) => id)).toEqual([car.id, cake.id]);
  expect(found[0]!.score).toBeGreaterThan(found[1]!.score);

  server.answer(500);
  const without = await hands().query(ask('cake'));
  expect(without.how).toContain('by words alone');
  expect(without.found.map(({ id }) => id)).toEqual([cake.id]);
  const count = server.asked.length;
  await hands().store(fact('Remembered all the same.'));
  expect(server.asked.length).toBe(count);
  server.answer(200);
  clock.advance(60_001);
  expect((await hands().query(ask('dessert'))).found[0]).toMatchObject({ id: cake.id });
  await first.close();

  // The vectors are on the record: a later life asks for none of them again.
  const { record, vault, folder } = await openToolRecord(first.folder);
  const again = await embedderAt({ record, vault, folder }, server.baseUrl, clock);
  const later = open(record, again.embedder);
  const before = server.asked.length;
  expect((await later.hands().query(ask('vehicle'))).found[0]).toMatchObject({ id: car.id });
  expect(server.asked.length).toBe(before + 1);
});

test('what is asked for its meaning is set aside, settled and on the record, and stops where a budget does', async () => {
  const house = await openToolRecord();
  const { record } = house;
  const server = await embeddings(['car', 'cake']);
  const clock = new ManualClock();
  const { embedder, budgets } = await embedderAt(house, server.baseUrl, clock);
  const { memories } = open(record, embedder);
  const of = someHandsOf();
  const { session } = of;
  let tokens: number | null = null;
  const limits = () => ({
    sessions: [{ session, tokens, micros: null }],
    agents: [{ agent: 'lead', limit: null }],
  });
  const hands = memoryHands(memories, { ...of, budgets: limits });
  await hands.store(fact('The car is red.'));
  const spent = { tokens: 7, micros: 0, unpriced: 7 };
  expect(budgets.sessionSpent(session)).toEqual(spent);
  expect(new Budgets(record, clock).sessionSpent(session)).toEqual(spent);
  const kinds = ['model.requested', 'model.called', 'model.failed'] as const;
  const told = async () =>
    (await record.query({ filter: { kinds: [...kinds] }, limit: 50 })).events.toSorted(
      (a, b) => a.seq - b.seq,
    );
  const [requested, called] = await told();
  expect(requested).toMatchObject({
    kind: 'model.requested',
    scope: { session, agent: 'tester' },
    data: { model: 'home/meaning', agents: ['lead'] },
  });
  expect(called).toMatchObject({
    kind: 'model.called',
    parent: requested!.id,
    data: { inputTokens: 7, outputTokens: 0, aside: true },
  });

  tokens = 8;
  const asked = server.asked.length;
  for (const work of [
    () => hands.query(ask('Which car?')),
    () =>
      memoryHands(memories, { ...someHandsOf(), session, budgets: limits }).store(fact('The cake is good.')),
  ])
    expect(await problemOf(work())).toMatchObject({
      code: 'budget_exhausted',
      message: expect.stringContaining('7 of 8 tokens') as unknown,
    });
  expect(server.asked.length).toBe(asked);
  tokens = null;
  server.answer(401);
  expect((await hands.query(ask('Which car?'))).how).toContain(
    'by words alone: home/meaning gave no embedding',
  );
  const failed = (await told()).at(-1);
  expect(failed).toMatchObject({ kind: 'model.failed', data: { code: 'bad_key', settled: { tokens: 0 } } });
  expect(budgets.sessionSpent(session)).toEqual(spent);
  expect((await record.rebuild(operator)).differences).toBe(0);
});
