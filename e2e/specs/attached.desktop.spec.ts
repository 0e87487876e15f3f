import { runCli, startDaemon } from '../launchers/built.ts';
import { expect, live, test } from '../launchers/desktop-test.ts';

test('where a daemon runs, the app is its client, and leaves it running', async ({ open, data }) => {
  const daemon = await startDaemon(data, 0);
  try {
    const { app, page } = await open();
    await runCli(data, ['note', 'seen through the daemon']);
    await expect(page.getByText('seen through the daemon')).toBeVisible();
    expect(JSON.parse((await runCli(data, ['status', '--json'])).out)).toMatchObject({ surface: 'daemon' });
    await app.call('chooseInTray', 'Quit, and leave the daemon running');
    expect(await app.ended).toMatchObject({ code: 0 });
    expect((await runCli(data, ['status'])).code).toBe(0);
  } finally {
    await daemon.stop('SIGTERM');
  }
});

test('a daemon that is started again is found again by the same window, without a word', async ({
  open,
  data,
}) => {
  let daemon = await startDaemon(data, 0);
  try {
    const { app, page } = await open();
    await runCli(data, ['note', 'before the storm']);
    await expect(page.getByText('before the storm')).toBeVisible();
    await daemon.stop('SIGKILL');
    await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('reconnecting');
    daemon = await startDaemon(data, 0);
    await live(page);
    await runCli(data, ['note', 'after the storm']);
    await expect(page.getByText('after the storm')).toBeVisible();
    expect(await app.boxes()).toEqual([]);
    await app.end('SIGTERM');
  } finally {
    await daemon.stop('SIGTERM');
  }
});

test('when the daemon has ended, the window says so and the app offers to take its place', async ({
  open,
  data,
}) => {
  const daemon = await startDaemon(data, 0);
  const { app, page } = await open();
  await daemon.stop('SIGTERM');
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('reconnecting');
  await expect
    .poll(() => app.boxes())
    .toMatchObject([
      { message: 'The daemon has ended', buttons: ['Run in this app', 'Wait for the daemon'] },
    ]);
  await app.call('press', 'Run in this app');
  await live(page);
  expect(JSON.parse((await runCli(data, ['status', '--json'])).out)).toMatchObject({ surface: 'desktop' });
  await expect.poll(async () => (await app.tray())?.menu.at(-1)?.label).toBe('Quit');
});

test('nobody who looks elsewhere misses that the daemon has ended; the tray can take its place', async ({
  open,
  data,
}) => {
  const daemon = await startDaemon(data, 0);
  const { app } = await open();
  await app.call('closeWindow');
  await daemon.stop('SIGTERM');
  await expect.poll(() => app.notifications()).toMatchObject([{ title: 'The daemon has ended' }]);
  expect((await app.tray())?.menu.map(({ label }) => label)).toContain('The daemon does not answer');
  await app.call('chooseInTray', 'Run Holdfast in this app');
  await expect
    .poll(async () => (await app.tray())?.menu.map(({ label }) => label))
    .toContain('Verify the record …');
});
