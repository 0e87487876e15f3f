import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import { systemClock } from '../base/clock.ts';
import { later } from '../base/later.ts';
import { ModelRoom } from '../models/model-room.ts';
import { ModelsLook } from './models-look.ts';
import { openTestHouse, testFolder } from './testing/test-house.ts';

const bundled = fileURLToPath(new URL('../../resources/models/models.yaml', import.meta.url));
const actor = { kind: 'operator' } as const;

/** Known servers of this machine are looked for at addresses of the test: whoever runs it may have real ones. */
async function lookHere(
  options: { environment?: Record<string, string>; ollama?: string; own?: string } = {},
) {
  const { record, vault } = await openTestHouse();
  const own = join(testFolder(), 'models.yaml');
  const nowhere = 'http://127.0.0.1:9/v1';
  const addresses = { ollama: options.ollama ?? nowhere, lmstudio: nowhere, vllm: nowhere };
  const lines = Object.entries(addresses).map(([name, url]) => `  ${name}: { base_url: "${url}" }`);
  writeFileSync(own, options.own ?? `providers:\n${lines.join('\n')}\n`);
  let opened = 0;
  const asked: string[] = [];
  const models = later(() => {
    opened++;
    return ModelRoom.open({
      record,
      vault,
      clock: systemClock,
      random: () => 0,
      fetch: (address, init) => {
        asked.push(address instanceof Request ? address.url : address.toString());
        return fetch(address, init);
      },
      files: { bundled, own },
      environment: options.environment ?? {},
    });
  });
  const look = new ModelsLook({ record, vault, models });
  const choose = (value: string) =>
    record.append({ kind: 'setting.changed', actor, data: { key: 'models.default', value } });
  return { record, vault, look, models, choose, opened: () => opened, asked };
}

test('before anybody looks, nothing is loaded or asked, and what is missing is told with its mends', async () => {
  const { look, opened, asked } = await lookHere({ environment: { OPENAI_API_KEY: 'lying-about' } });
  const finding = await look.finding();
  expect(finding).toMatchObject({ id: 'models', name: 'Models', state: 'warning' });
  expect(finding.mend).toMatch(/holdfast configure.*Settings → Models.*npm run demo:model/);
  expect(opened()).toBe(0);
  expect(asked).toEqual([]);
});

test('a default model whose key is kept is fine at once; without the key its mend is a command', async () => {
  const { record, vault, look, choose, opened } = await lookHere();
  const data = {
    provider: 'mine',
    wire: 'chat',
    baseUrl: 'https://models.example/v1',
    secret: 'mine.key',
  } as const;
  await vault.set('mine.key', 'of-mine');
  await record.append({ kind: 'provider.configured', actor, data });
  await choose('mine/big');
  expect(await look.finding()).toMatchObject({ state: 'ok', detail: 'mine/big is the default model' });
  expect(opened()).toBe(0);
  await vault.remove('mine.key');
  const lacking = await look.finding();
  expect(lacking).toMatchObject({
    state: 'warning',
    detail: 'There is no key for mine: the secret mine.key is not there',
    mend: 'Store it with `holdfast configure --provider mine`.',
  });
  await choose('nobody/big');
  expect((await look.finding()).detail).toContain('There is no provider “nobody”');
});

test('where nothing is chosen, a look says what was found: nothing, a key by its variable, a server, a provider', async () => {
  const nothing = await lookHere();
  await nothing.look.look();
  expect(await nothing.look.finding()).toMatchObject({
    state: 'warning',
    detail: 'no model yet: no key is in the environment, and no server of models answers here',
  });

  const environment = { ANTHROPIC_API_KEY: 'lying-about' };
  const keyed = await lookHere({ environment });
  await keyed.look.look();
  const key = await keyed.look.finding();
  expect(key.detail).toContain('ANTHROPIC_API_KEY in the environment');
  expect(key.mend).toBe(
    'holdfast configure --provider anthropic --key-from-env ANTHROPIC_API_KEY --model claude-sonnet-5-5',
  );
  expect(JSON.stringify(key)).not.toContain('lying-about');

  const server = await startModelStandIn({ models: ['llama:8b'], ollama: true });
  onTestFinished(() => server.close());
  const serving = await lookHere({ environment, ollama: server.openai });
  await serving.look.look();
  expect(await serving.look.finding()).toMatchObject({
    detail: `no model is set up; Ollama answers at ${server.openai} and has llama:8b`,
    mend: 'holdfast configure --provider ollama --model llama:8b',
  });

  await serving.vault.set('openai.key', 'kept-sealed');
  expect(await serving.look.finding()).toMatchObject({
    detail: 'OpenAI is set up, and no default model is chosen',
    mend: expect.stringMatching(/^holdfast configure --provider openai --model gpt/) as unknown,
  });
});

test('a default model of a server that nobody runs any more is told once somebody looks', async () => {
  const { look, choose, asked } = await lookHere();
  await choose('ollama/llama');
  expect(await look.finding()).toMatchObject({ state: 'ok' });
  expect(asked).toEqual([]);
  await look.look();
  expect(await look.finding()).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('nobody answers at') as unknown,
    mend: expect.stringContaining('ollama serve') as unknown,
  });
});

test('what a server calls its model is put into no command unless it is plain', async () => {
  const server = await startModelStandIn({ models: ['x; rm -rf ~'], ollama: true });
  onTestFinished(() => server.close());
  const { look } = await lookHere({ ollama: server.openai });
  await look.look();
  expect((await look.finding()).mend).toBe('holdfast configure --provider ollama --model NAME');
});
