import { connect, type Socket } from 'node:net';
import { runCli } from '../launchers/built.ts';
import { expect, test } from '../launchers/desktop-test.ts';
import { pathsFor, systemPathSources } from '../../electron/base/paths.ts';

/** A call that runs until its last byte is sent. */
async function unfinishedCall(data: string): Promise<{ finish: () => void; socket: Socket }> {
  const { socket: path } = pathsFor(data, systemPathSources());
  const socket = connect(path);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.on('error', () => undefined);
  socket.write('POST /rpc/house/health HTTP/1.1\r\nHost: holdfast\r\nContent-Type: application/json\r\n');
  socket.write('Content-Length: 2\r\n\r\n{');
  // A second connection that is answered says that the first was read.
  await runCli(data, ['status', '--json']);
  return { socket, finish: () => socket.write('}') };
}

test('quitting lets what runs come to its end, and says so meanwhile', async ({ open, data }) => {
  const { app } = await open();
  const call = await unfinishedCall(data);
  await app.call('chooseInTray', 'Quit');
  await expect.poll(async () => (await app.tray())?.tooltip).toBe('Holdfast: finishing …');
  expect((await app.tray())?.menu.at(-1)?.label).toBe('Stop at once');
  call.finish();
  expect(await app.ended).toMatchObject({ code: 0, signal: null });
  const { app: again } = await open();
  const lives = (await runCli(data, ['events', '--json', '--kind', 'app.started'])).out;
  expect(lives).not.toContain('"unclean":true');
  await again.end('SIGTERM');
});

test('asked a second time it stops at once', async ({ open, data }) => {
  const { app } = await open();
  await unfinishedCall(data);
  await app.call('chooseInTray', 'Quit');
  await expect.poll(async () => (await app.tray())?.tooltip).toBe('Holdfast: finishing …');
  await app.call('chooseInTray', 'Stop at once').catch(() => null);
  expect(await app.ended).toMatchObject({ code: 0 });
});

test('the first signal drains, the second stops at once and says which it was', async ({ open, data }) => {
  const { app } = await open();
  await unfinishedCall(data);
  app.signal('SIGTERM');
  await expect.poll(async () => (await app.tray())?.tooltip).toBe('Holdfast: finishing …');
  app.signal('SIGINT');
  expect(await app.ended).toMatchObject({ code: 130 });
});

test('a system that shuts down is asked to wait until the record is closed', async ({ open, data }) => {
  const { app } = await open();
  expect(await app.call('systemShutsDown')).toBe(true);
  expect(await app.ended).toMatchObject({ code: 0 });
  const { app: again } = await open();
  expect((await runCli(data, ['events', '--json', '--kind', 'app.stopped'])).out).toContain(
    'the system shuts down',
  );
  await again.end('SIGTERM');
});

test('`holdfast stop` ends the desktop app like any house', async ({ open, data }) => {
  const { app } = await open();
  expect((await runCli(data, ['stop'])).code).toBe(0);
  expect(await app.ended).toMatchObject({ code: 0 });
});
