import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../launchers/built.ts';
import { expect, test } from '../launchers/desktop-test.ts';
import { StandInApp } from '../launchers/stand-in-app.ts';

interface Note {
  id: string;
  seq: number;
}

async function note(data: string, text: string): Promise<Note> {
  return JSON.parse((await runCli(data, ['note', text, '--json'])).out) as Note;
}

test('a second start shows the first one’s window and ends', async ({ open, data }) => {
  const { app } = await open();
  await app.call('closeWindow');
  const second = await StandInApp.start(data);
  expect(await second.ended).toMatchObject({ code: 0, said: expect.stringContaining('already open') });
  await expect.poll(() => app.window()).toMatchObject({ visible: true, focused: true });
});

test('a link to an event opens it, whether it comes with a start or while the app runs', async ({
  open,
  data,
}) => {
  const { app, page } = await open();
  const [one, other] = [await note(data, 'the first light'), await note(data, 'the second light')];
  const second = await StandInApp.start(data, { args: [`holdfast://event/${one.id}`] });
  await second.ended;
  await expect(page.getByRole('complementary', { name: /^Event / })).toContainText('the first light');
  await app.call('openLink', `holdfast://event/${other.id}`);
  await expect(page.getByRole('complementary', { name: /^Event / })).toContainText('the second light');
  await app.end('SIGTERM');
  const again = await open({ args: ['holdfast://audit'] });
  await expect(again.page.getByRole('grid', { name: 'Events, newest first' })).toBeVisible();
});

test('a link that is none of ours goes nowhere but into the log', async ({ open, data }) => {
  const { app } = await open();
  const { url } = (await app.window()) ?? {};
  for (const link of [
    'holdfast://settings',
    'holdfast://event/../../settings',
    'holdfast://audit?do=verify',
    'holdfast://event/evt_short',
    'https://example.org/',
  ]) {
    await app.call('openLink', link);
  }
  expect(await app.window()).toMatchObject({ url });
  await app.end('SIGTERM');
  const log = await readFile(path.join(data, 'logs', 'desktop.log'), 'utf8');
  expect(log.match(/a link that is none of ours/g)).toHaveLength(5);
});
