import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface AskedOfSession {
  /** Of HTTP where there is no message. */
  readonly method: string;
  readonly session: string | undefined;
  readonly response: ServerResponse;
  readonly say: (result: unknown) => void;
}

/** A server of tools of an older version, with one tool and a session of this name; what it is asked is up to the test. */
export async function serverWithSession(
  name: () => string,
  answer: (asked: AskedOfSession) => void,
): Promise<number> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      answered(name(), request, response, body, answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function answered(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  answer: (asked: AskedOfSession) => void,
): void {
  const { id, method = request.method ?? '' } = JSON.parse(body || '{}') as { id?: number; method?: string };
  const say = (result: unknown) => {
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': name });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  };
  if (method === 'initialize') {
    const serverInfo = { name: 'peer', version: '1' };
    return say({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo });
  }
  const session = request.headers['mcp-session-id'];
  if (session !== name) return void response.writeHead(404).end('who are you?');
  if (method === 'tools/list') return say({ tools: [{ name: 'echo', inputSchema: { type: 'object' } }] });
  if (method === 'ping') return say({});
  if (method.startsWith('notifications/')) return void response.writeHead(202).end();
  return answer({ method, session, response, say });
}
