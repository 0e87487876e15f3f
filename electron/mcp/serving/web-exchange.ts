import type { IncomingMessage, ServerResponse } from 'node:http';
import { roomIn } from '../../base/room-in.ts';

/** The head of a request as the protocol's kit takes it; its body was read before. */
export function asWebRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // It was checked, and nobody behind this needs it.
    if (name === 'authorization') continue;
    if (typeof value === 'string') headers.set(name, value);
  }
  return new Request('http://127.0.0.1/mcp', { method: request.method ?? 'GET', headers, signal });
}

/** Sends one whole message of the protocol. */
export function sendMessage(response: ServerResponse, message: string): void {
  if (response.destroyed) return;
  const length = Buffer.byteLength(message);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
  response.end(message);
}

/** Sends an answer as fast as it is taken, and no faster. */
export async function sendWebResponse(
  response: ServerResponse,
  answer: Response,
  closing: AbortSignal,
): Promise<void> {
  // Whoever left meanwhile is told of by no event any more.
  if (response.destroyed) return answer.body?.cancel();
  const whole = response.req.complete ? {} : { connection: 'close' };
  // Whether the connection stays is between the client and this server, whatever the kit says of it.
  const { connection: _, ...headers } = Object.fromEntries(answer.headers);
  const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
  if (answer.body === null || !isStream) {
    // In one piece, so that it is one writing and one reading.
    const body = answer.body === null ? null : new Uint8Array(await answer.arrayBuffer());
    const length = body === null ? {} : { 'content-length': body.byteLength };
    response.writeHead(answer.status, { ...headers, ...length, ...whole });
    response.end(body ?? undefined);
    return;
  }
  response.writeHead(answer.status, { ...headers, ...whole });
  response.flushHeaders();
  const reader = answer.body.getReader();
  const gone = () => void reader.cancel().catch(() => undefined);
  response.once('close', gone);
  closing.addEventListener('abort', gone, { once: true });
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (response.destroyed) return;
      if (!response.write(part.value)) await roomIn(response);
    }
    response.end();
  } catch {
    response.destroy();
  } finally {
    response.off('close', gone);
    closing.removeEventListener('abort', gone);
  }
}
