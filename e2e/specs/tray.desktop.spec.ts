import path from 'node:path';
import Database from 'better-sqlite3';
import { databaseName } from '../../electron/store/database.ts';
import { runCli } from '../launchers/built.ts';
import { expect, live, test } from '../launchers/desktop-test.ts';

test('the tray says what waits and how the record is, and leads there', async ({ open, data }) => {
  const { app, page } = await open();
  const lines = async () => (await app.tray())?.menu.map(({ label }) => label);
  await expect
    .poll(lines)
    .toEqual([
      'Open Holdfast',
      '',
      'Nothing waits for you',
      expect.stringMatching(/^[\d,]+ events? on the record$/),
      'Verify the record …',
      '',
      'Quit',
    ]);
  const size = async () => Number(/[\d,]+/.exec((await app.tray())?.tooltip ?? '')?.[0]);
  const before = await size();
  await runCli(data, ['note', 'for the tray']);
  await expect.poll(size).toBe(before + 1);
  await app.call('chooseInTray', 'Verify the record …');
  await expect(page.getByRole('dialog', { name: /verif/i })).toBeVisible();
});

test('closing the window leaves the tray, which brings back the same window', async ({ open }) => {
  const { app, page } = await open();
  await app.call('closeWindow');
  expect(await app.window()).toMatchObject({ visible: false });
  await live(page);
  await app.call('clickTray');
  expect(await app.window()).toMatchObject({ visible: true, focused: true });
  expect(await app.page()).toBe(page);
});

test('where no tray is shown, closing the window quits, and the record is closed well', async ({
  open,
  data,
}) => {
  const { app } = await open({ env: { STAND_IN_TRAY: 'false' } });
  expect(await app.tray()).toBeNull();
  await app.call('closeWindow').catch(() => null);
  expect(await app.ended).toMatchObject({ code: 0 });
  const { app: again } = await open();
  const told = await runCli(data, ['events', '--json', '--kind', 'app.stopped']);
  expect(told.out).toContain('the window was closed');
  await again.end('SIGTERM');
});

test('started hidden it waits in the tray, and a click on it shows the window', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await expect.poll(() => app.tray()).not.toBeNull();
  expect(await app.window()).toBeNull();
  await app.call('chooseInTray', 'Open Holdfast');
  await live(await app.page());
});

test('a failed verification is told to somebody who looks elsewhere, and leads to the record', async ({
  open,
  data,
}) => {
  const { app, page } = await open();
  await app.call('blurWindow');
  await runCli(data, ['note', 'what was said']);
  await runCli(data, ['verify']);
  expect(await app.notifications()).toEqual([]);
  const record = new Database(path.join(data, databaseName));
  record.prepare(`UPDATE events SET run = 'run_of_another' WHERE seq = 3`).run();
  record.close();
  expect((await runCli(data, ['verify'])).code).toBe(5);
  await expect
    .poll(() => app.notifications())
    .toEqual([{ title: 'The record does not verify', body: 'Open Holdfast to see what was found.' }]);
  await app.call('clickNotification', 'The record does not verify');
  await expect(page.getByRole('grid', { name: 'Events, newest first' })).toBeVisible();
  expect(await app.window()).toMatchObject({ visible: true, focused: true });
});
