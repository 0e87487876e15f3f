import { expect, onTestFinished, test } from 'vitest';
import { type ModelStandInOptions, startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import type { BudgetState } from '../../shared/contract/budgets.ts';
import type { MachineFinding } from '../../shared/contract/house.ts';
import type { FoundModels, ModelState } from '../../shared/contract/models.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Settings } from '../../shared/settings.ts';
import { bravePage, searchServer } from '../tools/testing/search-server.ts';
import { answerOf, holdfast, startDaemon } from './testing/launch.ts';

async function standIn(options: ModelStandInOptions) {
  const server = await startModelStandIn(options);
  onTestFinished(() => server.close());
  return server;
}

test('a provider is set up by one command, whose key is in no argument and on no record', async () => {
  const { folder } = await startDaemon();
  const server = await standIn({ key: 'a-very-secret-key', models: ['small', 'large'] });
  const variables = { THEIR_KEY: 'a-very-secret-key' };
  const args = ['configure', '--provider', 'mine', '--base-url', server.openai, '--model', 'small'];
  const set = await holdfast(folder, [...args, '--key-from-env', 'THEIR_KEY'], { variables });
  expect(set).toMatchObject({ code: 0, stderr: '' });
  expect(set.stdout).toContain('The connection to mine works.');
  expect(set.stdout).toContain('The default model is mine/small.');
  const state = await answerOf<ModelState>(folder, 'models');
  expect(state.default).toBe('mine/small');
  expect(state.providers.find(({ name }) => name === 'mine')).toMatchObject({
    baseUrl: server.openai,
    secret: 'mine.key',
    keyed: true,
    usable: true,
  });
  expect((await holdfast(folder, ['models', '--provider', 'mine'])).stdout).toContain('mine/large');
  const events = await holdfast(folder, ['events', '--json']);
  expect(events.stdout).toContain('provider.configured');
  expect(events.stdout).not.toContain('a-very-secret-key');
});

test('what agents search the web with is set up and asked by one command, and taken away by one', async () => {
  const { folder } = await startDaemon();
  const server = await searchServer(({ headers }, response) => {
    if (headers['x-subscription-token'] !== 'a-very-secret-key') response.statusCode = 401;
    response.end(JSON.stringify({ web: { results: [bravePage(1)] } }));
  });
  const configure = [
    'configure',
    '--search',
    'brave',
    '--base-url',
    server.base,
    '--key-from-env',
    'THEIR_KEY',
  ];
  const wrong = await holdfast(folder, configure, { variables: { THEIR_KEY: 'the-wrong-key' } });
  expect(wrong.code).toBe(6);
  expect(wrong.stderr).toContain('refuses to search');
  const set = await holdfast(folder, configure, { variables: { THEIR_KEY: 'a-very-secret-key' } });
  expect(set).toMatchObject({ code: 0, stderr: '' });
  expect(set.stdout).toContain('https://example.org/1');
  const settings = await answerOf<Settings>(folder, 'settings', 'list');
  expect(settings).toMatchObject({ 'search.engine': 'brave', 'search.secret': 'search.key' });
  const events = await holdfast(folder, ['events', '--json']);
  expect(events.stdout).not.toContain('a-very-secret-key');
  for (const odd of [['altavista'], ['searxng'], ['brave', '--provider', 'openai']]) {
    expect(await holdfast(folder, ['configure', '--search', ...odd]), odd.join(' ')).toMatchObject({
      code: 2,
    });
  }
  const mail = await holdfast(folder, ['mail', 'test', 'me@example.org', '--json']);
  expect(mail.code).toBe(6);
  expect(JSON.parse(mail.stdout)).toMatchObject({ ok: false, problem: { field: 'mail.host' } });
  expect((await holdfast(folder, ['mail', 'test', 'nobody'])).code).toBe(2);
  expect((await holdfast(folder, ['configure', '--search', 'none'])).stdout).toContain('no more');

  // What left this machine, or would have, is on the record, its end beside it.
  const told = await holdfast(folder, ['events', '--kind', 'trial.begun', '--kind', 'trial.ended', '--json']);
  const trying = told.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedEvent);
  const trials = trying.map(({ kind, data }) => [kind, data]);
  expect(trials).toContainEqual(['trial.begun', { what: 'mail', with: 'me@example.org' }]);
  expect(trials).toContainEqual(['trial.ended', { what: 'mail', problem: expect.any(String) }]);
  expect(trials.filter(([kind]) => kind === 'trial.begun')).toHaveLength(trials.length / 2);
});

test('a wrong key is told at once, with its name and what to do', async () => {
  const { folder } = await startDaemon();
  const server = await standIn({ key: 'the-right-key', models: ['small'] });
  const args = [
    'configure',
    '--provider',
    'mine',
    '--base-url',
    server.openai,
    '--key-from-env',
    'THEIR_KEY',
  ];
  const set = await holdfast(folder, args, { variables: { THEIR_KEY: 'the-wrong-key' } });
  expect(set.code).toBe(6);
  expect(set.stdout).toContain('mine.key');
  expect(set.stdout).toContain('holdfast configure --provider mine');
});

test('without a terminal nothing is asked: what is missing is said', async () => {
  const { folder } = await startDaemon();
  const nothing = await holdfast(folder, ['configure']);
  expect(nothing).toMatchObject({ code: 2, stdout: '' });
  expect(nothing.stderr).toContain('--provider');
  const noKey = await holdfast(folder, ['configure', '--provider', 'anthropic']);
  expect(noKey).toMatchObject({ code: 2, stdout: '' });
  expect(noKey.stderr).toContain('--key-from-env');
  const noAddress = await holdfast(folder, ['configure', '--provider', 'unheard-of', '--no-key']);
  expect(noAddress.stderr).toContain('--base-url');
  const far = ['configure', '--provider', 'far', '--base-url', 'http://models.example/v1'];
  const open = await holdfast(folder, [...far, '--key-from-env', 'HOME']);
  expect(open).toMatchObject({ code: 2 });
  expect(open.stderr).toContain('https');
});

test('keys in the environment and servers here are found, and not taken', async () => {
  const { folder } = await startDaemon({ variables: { OPENAI_API_KEY: 'lying-about' } });
  const server = await standIn({ models: ['llama'], ollama: true });
  await holdfast(folder, ['configure', '--provider', 'ollama', '--base-url', server.openai, '--no-test']);
  const { found, ...state } = await answerOf<ModelState & { found: FoundModels }>(folder, 'models', '--look');
  expect(found.keys).toEqual([{ provider: 'openai', variable: 'OPENAI_API_KEY', stored: false }]);
  expect(found.servers).toContainEqual({ provider: 'ollama', baseUrl: server.openai, models: ['llama'] });
  expect(state.providers.find(({ name }) => name === 'openai')).toMatchObject({
    usable: false,
    keyed: false,
  });
  expect((await answerOf<{ secrets: unknown[] }>(folder, 'secrets', 'list')).secrets).toEqual([]);
  const { machine } = await answerOf<{ machine: MachineFinding[] }>(folder, 'doctor');
  expect(machine.find(({ id }) => id === 'models')).toEqual({
    id: 'models',
    name: 'Models',
    state: 'warning',
    detail: 'Ollama is set up, and no default model is chosen',
    mend: 'holdfast configure --provider ollama --model llama',
  });
});

test('budgets are told with their bounds', async () => {
  const { folder } = await startDaemon();
  await holdfast(folder, ['settings', 'set', 'budget.dayTokens', '50000']);
  await holdfast(folder, ['settings', 'set', 'budget.dayDollars', '2.5']);
  const { accounts } = await answerOf<BudgetState>(folder, 'budgets', 'list');
  expect(accounts).toMatchObject([
    { kind: 'day', tokens: { spent: 0, reserved: 0, limit: 50_000 }, micros: { limit: 2_500_000 } },
    { kind: 'person', tokens: { limit: null }, until: null },
  ]);
  expect((await holdfast(folder, ['budgets', 'list'])).stdout).toContain('0 of 50,000 tokens');
});
