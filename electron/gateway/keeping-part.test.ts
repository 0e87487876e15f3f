import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overHttp, problemFrom } from './testing/callers.ts';
import { openTestHouse } from './testing/test-house.ts';

test('a person keeps notes and skills over the wire; a program may look at skills and jobs alone', async () => {
  const house = await openTestHouse();
  const person = overHttp(house, house.token);
  const note = await person.notes.save({ agent: 'coder', key: 'rule', content: 'Ask first.', pin: true });
  expect(note).toMatchObject({ key: 'rule', pinned: true });
  expect(await person.notes.list({ agent: 'coder' })).toEqual([note]);
  expect(await person.notes.pin({ agent: 'coder', key: 'rule', pinned: false })).toMatchObject({
    pinned: false,
  });
  expect(await person.notes.erase({ agent: 'coder', key: 'rule' })).toEqual({ key: 'rule' });
  expect(await person.notes.agents()).toEqual([]);
  expect(await person.memory.list({ agent: 'coder' })).toEqual([]);
  expect(await person.jobs.list({})).toEqual([]);
  const none = { memory: 'mem_01k2x000000000000000000000' } as const;
  expect((await problemFrom(person.memory.erase(none))).code).toBe('not_found');

  const from = join(house.folder, 'mine');
  mkdirSync(from);
  writeFileSync(join(from, 'SKILL.md'), '---\nname: mine\ndescription: Mine.\n---\nText.\n');
  expect(await person.skills.add({ from })).toMatchObject({ name: 'mine', origin: 'yours', enabled: true });
  expect(await person.skills.disable({ skill: 'mine' })).toMatchObject({ enabled: false });
  expect(await person.skills.get({ skill: 'mine' })).toMatchObject({ enabled: false, text: 'Text.' });
  expect(await person.skills.enable({ skill: 'mine' })).toMatchObject({ enabled: true });

  const { value } = await person.access.create({ name: 'dashboard', caller: 'client' });
  const client = overHttp(house, value);
  expect((await client.skills.list()).length).toBeGreaterThan(8);
  expect(await client.jobs.list({})).toEqual([]);
  for (const refused of [
    client.notes.list({ agent: 'coder' }),
    client.memory.list({ agent: 'coder' }),
    client.skills.add({ from }),
    client.skills.remove({ skill: 'mine' }),
    client.notes.save({ agent: 'coder', key: 'x', content: 'x' }),
  ]) {
    expect((await problemFrom(refused)).code).toBe('forbidden');
  }
  await person.skills.remove({ skill: 'mine' });
  expect((await problemFrom(person.skills.get({ skill: 'mine' }))).code).toBe('not_found');
});
