import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';

/** `fetch` over a unix socket or a named pipe, which the built-in one cannot reach. */
export function fetchThrough(socketPath: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          socketPath,
          method: request.method,
          path: pathname + search,
          headers: Object.fromEntries(request.headers),
          signal: request.signal,
        },
        (answer) => {
          const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
            (values ?? []).map((value): [string, string] => [name, value]),
          );
          const status = answer.statusCode ?? 500;
          const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
          resolve(new Response(status === 204 ? null : stream, { status, headers }));
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  };
}
