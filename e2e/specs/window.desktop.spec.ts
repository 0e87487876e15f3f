import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../launchers/built.ts';
import { expect, live, test } from '../launchers/desktop-test.ts';

const bounds = { x: 210, y: 120, width: 990, height: 640 };

test('the window comes back where it was, as large as it was', async ({ open }) => {
  const { app } = await open();
  await app.call('moveWindow', bounds);
  await app.end('SIGTERM');
  const { app: second } = await open();
  expect(await second.window()).toMatchObject({ bounds, maximized: false });
  await second.call('maximizeWindow');
  await second.end('SIGTERM');
  const { app: third } = await open();
  expect(await third.window()).toMatchObject({ bounds, maximized: true });
});

test('a place that no screen shows any more is not taken', async ({ open }) => {
  const screens = { STAND_IN_SCREENS: '[{"x":0,"y":0,"width":1600,"height":900}]' };
  const { app } = await open();
  await app.call('moveWindow', { ...bounds, x: 4000 });
  await app.end('SIGTERM');
  const { app: second } = await open({ env: screens });
  expect(await second.window()).toMatchObject({ bounds: { x: 305, y: 130, width: 990, height: 640 } });
});

test('whatever the app keeps is for this account alone', async ({ open, data }) => {
  await open();
  const { machine } = JSON.parse((await runCli(data, ['doctor', '--json'])).out) as {
    machine: { id: string; state: string }[];
  };
  expect(machine.find(({ id }) => id === 'permissions')).toMatchObject({ state: 'ok' });
});

test('a damaged memory costs the window its place and nothing else', async ({ open, data }) => {
  await writeFile(path.join(data, 'desktop.json'), '{"window":');
  const { app } = await open();
  expect(await app.window()).toMatchObject({ visible: true, bounds: { width: 1180, height: 760 } });
});

test('a page that crashes is loaded again', async ({ open }) => {
  const { app, page } = await open();
  await app.call('crashWindow');
  await expect.poll(async () => app.pages[0] !== undefined && app.pages[0] !== page).toBe(true);
  await live(await app.page());
});
