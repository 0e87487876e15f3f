import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Egress } from '../sandbox/egress.ts';
import { testFolder } from './testing/open-tool-record.ts';
import { ownAuthority } from './testing/own-authority.ts';
import { webHands } from './web-hands.ts';

const outside: Egress = {
  async open(_host, port) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  },
  cut: () => undefined,
};

/** A server that does with each connection what the test says. */
async function server(does: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const made = createServer((socket) => {
    open.add(socket.on('error', () => undefined));
    does(socket);
  });
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    made.close();
    await once(made, 'close');
  });
  return (made.address() as AddressInfo).port;
}

const never = new AbortController().signal;
const asked = (port: number, protocol = 'http') => ({
  url: new URL(`${protocol}://127.0.0.1:${port}/`),
  method: 'GET',
  headers: {},
  body: null,
  most: 1000,
  timeoutMs: 60_000,
});

test.each([
  ['speaks something else', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nx'],
  ['sends headers without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(50_000)}\r\n`],
  ['is no HTTP', 'hello\r\n\r\n'],
])('a server that %s ends the exchange', async (_what, answer) => {
  const port = await server((socket) => socket.once('data', () => socket.write(answer)));
  await expect(webHands(outside).request(asked(port), never)).rejects.toMatchObject({ code: 'unreachable' });
});

test.each(['http', 'https'])(
  'an exchange by %s that goes on for ever ends in time, and when it is stopped',
  async (by) => {
    const early = 'HTTP/1.1 103 Early\r\n\r\n';
    const port = await server((socket) => socket.on('data', () => by === 'http' && socket.write(early)));
    const hands = webHands(outside);
    await expect(hands.request({ ...asked(port, by), timeoutMs: 50 }, never)).rejects.toMatchObject({
      message: `127.0.0.1:${port} did not answer in time.`,
    });
    const stopping = new AbortController();
    const stopped = hands.request(asked(port, by), stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  },
);

test('who is stopped while the way out is being opened waits for nothing, and what is opened later is closed', async () => {
  const port = await server(() => undefined);
  const way = Promise.withResolvers<Socket>();
  const stopping = new AbortController();
  const stopped = webHands({ ...outside, open: () => way.promise }).request(asked(port), stopping.signal);
  stopping.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  const late = connect(port, '127.0.0.1');
  await once(late, 'connect');
  way.resolve(late);
  await once(late, 'close');
});

test('a server is spoken to by https where its certificate is trusted and is for its name', async () => {
  const { authority, key, cert } = ownAuthority(testFolder(), 'IP:127.0.0.1');
  const secure = createTlsServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nkelp'));
  });
  secure.on('tlsClientError', () => undefined);
  onTestFinished(() => void secure.close());
  await once(secure.listen(0, '127.0.0.1'), 'listening');
  const { port } = secure.address() as AddressInfo;
  const request = (host: string) =>
    webHands(outside).request({ ...asked(port, 'https'), url: new URL(`https://${host}:${port}/`) }, never);
  await expect(request('127.0.0.1')).rejects.toMatchObject({ code: 'unreachable' });
  const trusted = getCACertificates('default');
  onTestFinished(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([...trusted, authority]);
  expect((await request('127.0.0.1')).body.toString()).toBe('kelp');
  await expect(request('elsewhere.example')).rejects.toMatchObject({ code: 'unreachable' });
});
