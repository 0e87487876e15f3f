import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../launchers/built.ts';
import { expect, test } from '../launchers/desktop-test.ts';

async function boxesIn(data: string): Promise<Set<string>> {
  const { secrets } = JSON.parse(await readFile(path.join(data, 'secrets.json'), 'utf8')) as {
    secrets: Record<string, { box: string }>;
  };
  return new Set(Object.values(secrets).map(({ box }) => box));
}

async function secretsFinding(data: string): Promise<{ state: string; detail: string } | undefined> {
  const { machine } = JSON.parse((await runCli(data, ['doctor', '--json'])).out) as {
    machine: { id: string; state: string; detail: string }[];
  };
  return machine.find(({ id }) => id === 'secrets');
}

test('secrets are kept by the key ring, and go back to the file when that is asked for', async ({
  open,
  data,
}) => {
  const { app } = await open();
  expect(await boxesIn(data)).toEqual(new Set(['system']));
  expect(await secretsFinding(data)).toMatchObject({ state: 'ok', detail: 'by this desktop’s key ring' });
  await app.end('SIGTERM');
  const { app: second } = await open({ args: ['--secrets', 'file'] });
  expect(await boxesIn(data)).toEqual(new Set(['file']));
  await second.end('SIGTERM');
  // The choice is remembered: the next start does not move them back.
  await open();
  expect(await boxesIn(data)).toEqual(new Set(['file']));
});

for (const ring of ['basic_text', 'none']) {
  test(`a key ring that protects nothing (${ring}) is not used, and that is said`, async ({ open, data }) => {
    await open({ env: { STAND_IN_KEY_RING: ring } });
    expect(await boxesIn(data)).toEqual(new Set(['file']));
    expect(await secretsFinding(data)).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('so a file is used instead'),
    });
  });
}

test('a start that cannot open its secrets says why, and how to go on', async ({ open, start }) => {
  const { app } = await open();
  await app.end('SIGTERM');
  const second = await start({ env: { STAND_IN_KEY_RING: 'basic_text' } });
  expect(await second.ended).toMatchObject({ code: 6, said: expect.stringContaining('key ring') });
});
