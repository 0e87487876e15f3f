import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
}

/** A server on loopback that answers searches as the test says, and tells what it was asked. */
export async function searchServer(answer: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const one = { url: new URL(request.url ?? '', 'http://here.invalid'), headers: request.headers };
    asked.push(one);
    response.on('error', () => undefined);
    answer(one, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { asked, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export const searxngPage = (n: number) => ({
  title: `Page ${n}`,
  url: `https://example.org/${n}`,
  content: `What stands on page ${n}.`,
  engine: 'duckduckgo',
  score: 1,
  publishedDate: null,
});

export const bravePage = (n: number) => ({
  type: 'search_result',
  title: `Page ${n}`,
  url: `https://example.org/${n}`,
  description: `What <strong>stands</strong> on page ${n}.`,
  language: 'en',
});
