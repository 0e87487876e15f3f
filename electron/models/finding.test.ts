import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { findModels, type FindingParts, tryProvider } from './finding.ts';
import { standIn } from './testing/ask-wire.ts';
import { modelHouse, type ModelHouse, operator, pointAt } from './testing/model-house.ts';

/** No known local server is asked: whoever runs these tests may have one. */
const nowhere = ['ollama', 'lmstudio', 'vllm']
  .map((name) => `  ${name}: { base_url: "http://127.0.0.1:9/v1" }`)
  .join('\n');
const own = `providers:\n${nowhere}\n`;

const partsOf = ({ providers, known }: ModelHouse, more: Partial<FindingParts> = {}): FindingParts => ({
  providers,
  known,
  clock: systemClock,
  fetch: globalThis.fetch,
  environment: {},
  ...more,
});

test('keys and servers are found, each in its own way of being asked, and nothing is taken', async () => {
  const house = await modelHouse({ own });
  const ollama = await standIn({ models: ['llama:8b'], ollama: true });
  const studio = await standIn({ models: ['qwen'] });
  await house.providers.configure({ provider: 'ollama', baseUrl: ollama.openai }, operator);
  await house.providers.configure({ provider: 'lmstudio', baseUrl: studio.openai }, operator);
  const environment = { ANTHROPIC_API_KEY: 'lying-about', OPENAI_API_KEY: '' };
  const found = await findModels(partsOf(house, { environment }));
  expect(found.keys).toEqual([{ provider: 'anthropic', variable: 'ANTHROPIC_API_KEY', stored: false }]);
  expect(found.servers).toEqual([
    { provider: 'ollama', baseUrl: ollama.openai, models: ['llama:8b'] },
    { provider: 'lmstudio', baseUrl: studio.openai, models: ['qwen'] },
  ]);
  expect(house.vault.list()).toEqual([]);
});

test.each(['messages', 'chat'] as const)('a connection over %s is tried with its key', async (wire) => {
  const house = await modelHouse();
  const server = await standIn({ models: ['one', 'two'], key: 'right-key' });
  await pointAt(house, server, { provider: 'mine', wire, key: 'wrong-key' });
  const mine = house.providers.find('mine');
  if (!mine) throw new Error('it is not there');
  const refused = await tryProvider(partsOf(house), mine);
  expect(refused.problem).toMatchObject({
    code: 'model_refused',
    message: expect.stringContaining('mine.key') as unknown,
  });
  await house.vault.set('mine.key', 'right-key');
  expect(await tryProvider(partsOf(house), mine)).toEqual({ models: ['one', 'two'], problem: null });
});

test('who answers anything but a list, without end or not at all is told as that', async () => {
  const house = await modelHouse();
  const answers = ['{"data": [{"id": 1}]}', '<html>', 'endless', 'silence'];
  const server = createServer((_request, outgoing) => {
    const answer = answers.shift();
    if (answer === 'silence') return;
    if (answer !== 'endless') return void outgoing.end(answer);
    const piece = ' '.repeat(1_000_000);
    const more = () => {
      if (!outgoing.destroyed) outgoing.write(piece, more);
    };
    more();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const odd = await house.providers.configure({ provider: 'odd', baseUrl, secret: null }, operator);
  for (const words of ['no list of models', 'no list of models', 'longer than']) {
    const { problem } = await tryProvider(partsOf(house), odd);
    expect(problem?.message).toContain(words);
  }
  const clock = new ManualClock();
  const trying = tryProvider(partsOf(house, { clock }), odd);
  await expect.poll(() => answers.length).toBe(0);
  clock.advance(15_000);
  expect((await trying).problem).toMatchObject({
    message: expect.stringContaining('did not answer') as unknown,
  });
});
