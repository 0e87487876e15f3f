import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { createServer } from '../base/node-http.ts';
import type { HttpFront } from './http-front.ts';
import type { Limits } from './limits.ts';
import { StallWatch } from './stall-watch.ts';

/** A response whose reader takes nothing for too long is cut off; a stream behind it is not pulled meanwhile. */
function watchResponse(response: ServerResponse, clock: Clock, patience: number): void {
  const write = response.write.bind(response) as (...given: unknown[]) => boolean;
  let watch: StallWatch | undefined;
  let full = false;
  // Most answers fit at once, and are watched by nobody.
  const begin = () => {
    const begun = new StallWatch(clock, patience, () => response.destroy());
    response.on('drain', () => {
      full = false;
      begun.taken();
    });
    response.once('close', () => begun.close());
    return begun;
  };
  response.write = (...given: unknown[]) => {
    const room = write(...given);
    if (!room && !full) {
      full = true;
      (watch ??= begin()).waits();
    }
    return room;
  };
}

export interface HttpServer {
  readonly server: Server;
  /** Ends every connection that says nothing, waits so long for the others, and cuts them, WebSockets included. */
  close(milliseconds: number): Promise<void>;
  cut(): void;
}

/** A listener with its limits; what it answers is up to the front. */
export function createHttpServer(front: Pick<HttpFront, 'handle'>, clock: Clock, limits: Limits): HttpServer {
  const sockets = new Set<Socket>();
  /** Those on which an answer is due, with how many. */
  const answering = new Map<Socket, number>();
  const server = createServer(
    {
      maxHeaderSize: 16_384,
      headersTimeout: Math.ceil(limits.requestMilliseconds / 3),
      requestTimeout: limits.requestMilliseconds,
      keepAliveTimeout: limits.idleMilliseconds,
      connectionsCheckingInterval: Math.ceil(limits.requestMilliseconds / 6),
    },
    (request, response) => {
      const { socket } = request;
      answering.set(socket, (answering.get(socket) ?? 0) + 1);
      response.once('close', () => {
        const left = (answering.get(socket) ?? 1) - 1;
        if (left > 0) answering.set(socket, left);
        else answering.delete(socket);
      });
      watchResponse(response, clock, limits.stallMilliseconds);
      void front.handle(request, response);
    },
  );
  server.maxConnections = limits.connections;
  // An answer that is written in one piece drains all at once: here the operating system's taking of it counts.
  // A stream that has nothing to say stays; a connection on which nothing is asked any more goes.
  server.setTimeout(limits.stallMilliseconds, (socket) => {
    if (socket.writableLength > 0 || !answering.has(socket)) socket.destroy();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (failure: NodeJS.ErrnoException, socket) => {
    const status =
      failure.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : failure.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? '408 Request Timeout'
          : '400 Bad Request';
    if (socket.writable)
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        socket.destroy(),
      );
    else socket.destroy();
  });
  return {
    server,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close(milliseconds) {
      server.closeIdleConnections();
      if (sockets.size > 0) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(milliseconds, resolve);
          server.once('close', () => {
            cancel();
            resolve();
          });
        });
      }
      for (const socket of sockets) socket.destroy();
    },
  };
}
