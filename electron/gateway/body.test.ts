import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readJson } from './body.ts';

test('who left before anybody read keeps nobody waiting', async () => {
  const read = Promise.withResolvers<unknown>();
  const server = createServer((request) => {
    request.once('close', () => read.resolve(readJson(request, 100)));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const asking = connect((server.address() as AddressInfo).port, '127.0.0.1');
  server.once('request', () => asking.destroy());
  asking.write(
    'POST / HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a',
  );
  await expect(read.promise).rejects.toThrow('The request was cut off.');
});
