import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openTestHouse, type TestHouse } from './testing/test-house.ts';

function open(house: TestHouse, text: string): { socket: Socket; end: Promise<string> } {
  const socket = connect(house.port, '127.0.0.1', () => socket.write(text));
  onTestFinished(() => void socket.destroy());
  let said = '';
  socket.on('data', (part) => (said += part.toString()));
  socket.on('error', () => undefined);
  return {
    socket,
    end: new Promise((resolve) => socket.once('close', () => resolve(said.split('\r\n', 1)[0] ?? ''))),
  };
}

test('a request that takes for ever to arrive is cut', async () => {
  const house = await openTestHouse({ limits: { requestMilliseconds: 300 } });
  const head = `POST /rpc/record/note HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\n`;
  expect(await open(house, head).end).toBe('HTTP/1.1 408 Request Timeout');
  expect(await open(house, `${head}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{`).end).toBe(
    'HTTP/1.1 408 Request Timeout',
  );
});

test('a head that is too large is refused, and so are more connections than there may be', async () => {
  const house = await openTestHouse({ limits: { connections: 3 } });
  expect(await open(house, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`).end).toBe(
    'HTTP/1.1 431 Request Header Fields Too Large',
  );
  const health = `GET /api/health HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\n\r\n`;
  const kept = [open(house, health), open(house, health), open(house, health)];
  await Promise.all(kept.map(({ socket }) => new Promise((resolve) => socket.once('data', resolve))));
  expect(await open(house, health).end).toBe('');
});

test('whoever is refused a WebSocket and goes on sending is not kept', async () => {
  const house = await openTestHouse();
  const upgrade = `POST /ws HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 9000000\r\n\r\n`;
  const kept = [open(house, upgrade + 'x'.repeat(4_000_000)), open(house, `\0${'x'.repeat(4_000_000)}`)];
  await Promise.all(kept.map(({ end }) => end));
  expect(kept.map(({ socket }) => socket.destroyed)).toEqual([true, true]);
});
