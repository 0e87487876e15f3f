import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSocket, overHttp, overSocket, problemFrom } from './testing/callers.ts';
import { openTestHouse } from './testing/test-house.ts';

test('an agent is made, broken and mended over the wire, and whoever watches sees each step', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  const watcher = overSocket(openSocket(house, house.token));
  const watched = await watcher.agents.watch();
  const named = (name: string) => expect.objectContaining({ name }) as unknown;
  expect((await watched.next()).value).toContainEqual(named('generalist'));

  const seen = watched.next();
  const text = 'name: mine\nextends: generalist\n';
  const made = await operator.agents.save({ name: 'mine', text, before: null });
  expect(made).toMatchObject({ name: 'mine', origin: 'yours', problems: [] });
  expect((await seen).value).toContainEqual(named('mine'));

  const { hash } = await operator.agents.get({ name: 'mine' });
  const broken = await operator.agents.save({ name: 'mine', text: 'name: mine\nmodle: x\n', before: hash });
  expect(broken.problems).toEqual([
    { line: 2, column: 1, field: 'modle', message: expect.stringContaining('There is no field “modle”.') },
  ]);
  expect((await problemFrom(operator.agents.save({ name: 'mine', text, before: hash }))).code).toBe(
    'conflict',
  );
  const composed = await operator.agents.compose({ text, set: { approvals: 'everything' } });
  expect(composed.text).toBe('name: mine\nextends: generalist\napprovals: everything\n');
  await watched.return?.(undefined);
});

test('a program with a token of its own may look at agents and change none', async () => {
  const house = await openTestHouse();
  const { value } = await overHttp(house, house.token).access.create({ name: 'dashboard', caller: 'client' });
  const client = overHttp(house, value);
  expect((await client.agents.list()).length).toBeGreaterThan(3);
  const save = client.agents.save({ name: 'x', text: 'name: x\n', before: null });
  expect((await problemFrom(save)).code).toBe('forbidden');
  expect((await problemFrom(client.agents.remove({ name: 'coder', before: '0'.repeat(64) }))).code).toBe(
    'forbidden',
  );
});

test('what a command agent would be handed is looked at before, and nobody but the person has files read', async () => {
  const house = await openTestHouse();
  const operator = overHttp(house, house.token);
  const methodology = fileURLToPath(new URL('../../resources/methodologies/example', import.meta.url));
  const text = (said: string) => ({ kind: 'text', text: said }) as const;
  const plan = await operator.agents.checkInput({ methodology, what: text('{"steps": ["one"]}') });
  expect(plan).toMatchObject({ refused: null, words: 'a “plan”', recognised: { fits: ['plan'] } });
  const wrong = await operator.agents.checkInput({ methodology, what: text('{"steps": []}') });
  expect(wrong.types).toContain('objection');
  expect(wrong.refused?.message).toMatch(/^line 1, column 2: /);
  const input = { kind: 'request', text: 'Mend the links.' } as const;
  const request = await operator.agents.checkInput({ methodology, what: { kind: 'input', input } });
  expect(request).toMatchObject({ refused: null, words: 'Mend the links.' });
  const nowhere = await operator.agents.checkInput({
    methodology: '/nowhere',
    what: { kind: 'input', input },
  });
  expect(nowhere.refused).toMatchObject({ message: expect.stringContaining('manifest.toml:1:1') });
  expect((await operator.agents.methodology({ folder: methodology })).methodology?.name).toBe('example');

  const { value } = await overHttp(house, house.token).access.create({ name: 'dashboard', caller: 'client' });
  const client = overHttp(house, value);
  for (const call of [
    client.agents.methodology({ folder: methodology }),
    client.agents.checkInput({ methodology, what: { kind: 'input', input } }),
    client.agents.presets(),
    client.agents.importAgentd({ text: '', folder: '/' }),
  ])
    expect((await problemFrom(call)).code).toBe('forbidden');
});
