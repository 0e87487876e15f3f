import { expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import type { ModelState } from '../../shared/contract/models.ts';
import { AtTerminal } from './testing/at-terminal.ts';
import { answerOf, holdfast, startDaemon } from './testing/launch.ts';

async function housed(key: string) {
  const server = await startModelStandIn({ key, models: ['small', 'large'] });
  onTestFinished(() => server.close());
  const { folder } = await startDaemon();
  const configure = ['configure', '--provider', 'mine', '--base-url', server.openai];
  const state = () => answerOf<ModelState>(folder, 'models');
  const secrets = async () =>
    (await answerOf<{ secrets: { name: string }[] }>(folder, 'secrets', 'list')).secrets;
  return { folder, configure, state, secrets, server };
}

test('on a terminal the key is asked unseen, tested at once, and the default model is chosen from what there is', async () => {
  const { folder, configure, state, server } = await housed('the-right-key');
  const person = new AtTerminal(folder, configure);
  await person.sees('Key of mine (not shown');
  person.types('the-right-kex\u007Fy\r');
  await person.sees('Default model (small, large): ');
  person.types('large\r');
  expect(await person.ended).toBe(0);
  expect(person.shown).toContain('The default model is mine/large.');
  expect(person.shown).not.toContain('the-right');
  expect(await state()).toMatchObject({ default: 'mine/large' });
  expect(server.requests.length).toBe(0);
});

test('a wrong key is told at once; the same command asks for another, and an empty one keeps what is kept', async () => {
  const { folder, configure, state } = await housed('the-right-key');
  const wrong = new AtTerminal(folder, [...configure, '--model', 'small']);
  await wrong.sees('Key of mine (not shown');
  wrong.types('the-wrong-key\r');
  expect(await wrong.ended).toBe(6);
  expect(wrong.shown).toContain('mine.key');
  expect(wrong.shown).toContain('holdfast configure --provider mine');
  expect(wrong.shown).not.toContain('the-wrong-key');

  const right = new AtTerminal(folder, ['configure', '--provider', 'mine']);
  await right.sees('empty keeps the one that is kept');
  right.types('the-right-key\r');
  expect(await right.ended).toBe(0);
  expect(right.shown).toContain('The connection to mine works.');

  const kept = new AtTerminal(folder, ['configure', '--provider', 'mine']);
  await kept.sees('empty keeps the one that is kept');
  kept.types('\r');
  expect(await kept.ended).toBe(0);
  expect(kept.shown).toContain('The connection to mine works.');
  expect((await state()).providers.find(({ name }) => name === 'mine')).toMatchObject({ keyed: true });
});

test('Ctrl-C at a question changes nothing', async () => {
  const { folder, configure, state, secrets } = await housed('the-right-key');
  const before = await state();
  const atKey = new AtTerminal(folder, configure);
  await atKey.sees('Key of mine (not shown');
  atKey.types('the-right\u0003');
  expect(await atKey.ended).toBe(130);
  expect(atKey.shown).toContain('Nothing was done.');

  const atProvider = new AtTerminal(folder, ['configure']);
  await atProvider.sees('Provider (');
  atProvider.types('mine\u0003');
  expect(await atProvider.ended).toBe(130);
  expect(atProvider.shown).toContain('Nothing was done.');

  expect(await state()).toEqual(before);
  expect(await secrets()).toEqual([]);
  const events = await holdfast(folder, ['events', '--json']);
  expect(events.stdout).toContain('"kind":"app.started"');
  expect(events.stdout).not.toMatch(/"kind":"(provider|secret|setting)/);
});
