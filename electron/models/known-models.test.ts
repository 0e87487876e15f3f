import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { KnownModels, nameOf, providerOf } from './known-models.ts';
import { bundled } from './testing/model-house.ts';

async function known(own?: string): Promise<KnownModels> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-known-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'models.yaml');
  if (own !== undefined) writeFileSync(file, own);
  return KnownModels.read({ bundled, own: file });
}

test('the bundled file is whole and dated, and every provider that asks for a key says where it is kept', async () => {
  const models = await known();
  expect(models.problems).toEqual([]);
  expect(models.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  for (const name of [
    'anthropic',
    'openai',
    'deepseek',
    'openrouter',
    'z-ai',
    'ollama',
    'vllm',
    'lmstudio',
  ]) {
    const provider = models.provider(name);
    expect(provider, name).toBeDefined();
    expect(provider?.local === true || provider?.secret !== undefined, name).toBe(true);
    if (provider?.local) expect(provider.start, name).toBeDefined();
  }
  for (const name of ['anthropic', 'openai']) {
    for (const model of models.listed(name)) {
      expect(models.price(`${name}/${model}`), model).not.toBeNull();
      expect(models.facts(`${name}/${model}`).contextTokens, model).toBeGreaterThan(100_000);
    }
  }
});

test('a file of one’s own adds entries and replaces single fields', async () => {
  const models = await known(`
as_of: 2027-01-01
models:
  anthropic/claude-sonnet-5-5: { price: { input: 1, output: 2 } }
  mine/small: { context: 4096, output: 8192, images: false }
`);
  expect(models.problems).toEqual([]);
  expect(models.asOf).toBe('2027-01-01');
  expect(models.price('anthropic/claude-sonnet-5-5')).toEqual({ input: 1, output: 2 });
  expect(models.facts('anthropic/claude-sonnet-5-5').contextTokens).toBe(1_000_000);
  expect(models.facts('mine/small')).toMatchObject({
    contextTokens: 4096,
    outputTokens: 4096,
    images: false,
  });
  expect(models.price('mine/small')).toBeNull();
});

test.each([
  ['models: { mine/a: { context: lots }, mine/b: { context: 4096 } }', /mine\/a is left out: context/],
  ['models: { no-slash: { context: 4096 }, mine/b: { context: 4096 } }', /no-slash is left out/],
  ['providers: { Bad Name: { title: X } }\nmodels: { mine/b: { context: 4096 } }', /Bad Name is left out/],
  [
    'providers: { p: { title: P, wire: chat, base_url: "http://me:secret@host/v1" } }\nmodels: { mine/b: { context: 4096 } }',
    /p is left out: base_url/,
  ],
])('what is wrong in it is told and costs nothing else: %s', async (own, words) => {
  const models = await known(own);
  expect(models.problems).toEqual([expect.stringMatching(words)]);
  expect(models.facts('mine/b').contextTokens).toBe(4096);
  expect(models.listed('anthropic').length).toBeGreaterThan(3);
});

test.each([['models: ['], ['just words'], ['modells: {}'], [`a: &a [1]\nb: [${'*a,'.repeat(1000)}*a]`]])(
  'a file that is none at all is left out whole: %.30s',
  async (own) => {
    const models = await known(own);
    expect(models.problems.length).toBe(1);
    expect(models.listed('anthropic').length).toBeGreaterThan(3);
  },
);

test('a model that nobody lists has sensible facts, and costs nothing where it is on this machine', async () => {
  const models = await known();
  expect(models.facts('openai/some-new-one')).toMatchObject({ contextTokens: 128_000, images: true });
  expect(models.price('openai/some-new-one')).toBeNull();
  expect(models.price('ollama/anything')).toEqual({ input: 0, output: 0 });
  expect(providerOf('openrouter/meta/llama')).toBe('openrouter');
  expect(nameOf('openrouter/meta/llama')).toBe('meta/llama');
});
