import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { createHttpServer } from './http-server.ts';
import { defaultLimits } from './limits.ts';
import { listening } from './listening.ts';

async function serve(front: Parameters<typeof createHttpServer>[0]) {
  const http = createHttpServer(front, systemClock, {
    ...defaultLimits,
    stallMilliseconds: 100,
    idleMilliseconds: 100,
  });
  await listening(http.server, { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    http.server.close();
    await http.close(0);
  });
  const { port } = http.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n'));
  onTestFinished(() => void socket.destroy());
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      http.server.getConnections((failure, count) => (failure ? reject(failure) : resolve(count))),
    );
  return { socket, connections };
}

test('an answer in one piece that nobody takes is not kept for ever', async () => {
  let ended = false;
  const { socket, connections } = await serve({
    async handle(_request, response) {
      response.end(Buffer.alloc(64 << 20));
      ended = true;
    },
  });
  socket.pause();
  await expect.poll(() => ended).toBe(true);
  await expect.poll(connections, { timeout: 5_000 }).toBe(0);
});

test('a stream that has nothing to say is not cut', async () => {
  const { socket, connections } = await serve({
    async handle(_request, response) {
      response.write('first');
      setTimeout(() => response.end('last'), 400);
    },
  });
  let said = '';
  socket.on('data', (part: Buffer) => (said += part.toString()));
  await expect.poll(() => said).toContain('first');
  expect(await connections()).toBe(1);
  await expect.poll(() => said).toContain('last');
});

test('a connection on which nothing more is asked is given up', async () => {
  const { socket, connections } = await serve({
    async handle(_request, response) {
      response.end('all');
    },
  });
  socket.resume();
  await expect.poll(connections, { timeout: 5_000 }).toBe(0);
});
