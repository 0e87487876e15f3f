import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { problemCodes } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import { STATUS_CODES } from '../base/node-http.ts';
import { type GuardOptions, guard } from './guard.ts';
import { contextFor, type FrontNeeds } from './http-front.ts';
import { closeCodes } from './limits.ts';
import { closeSocket, protocol, serveWebSocket } from './websocket.ts';

/** Whoever goes on sending is not listened to: a connection that is only half closed would stay for ever. */
function refuse(socket: Duplex, status: number): void {
  const words = STATUS_CODES[status] ?? 'Refused';
  const answer = `HTTP/1.1 ${status} ${words}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(answer, () => socket.destroy());
}

/** A browser cannot set headers on a WebSocket, so the token travels as a subprotocol that is never chosen. */
function tokenAmong(protocols: string | undefined): string | undefined {
  const offered = (protocols ?? '').split(',').map((text) => text.trim());
  if (!offered.includes(protocol)) return undefined;
  return offered.find((text) => text.startsWith('bearer.'))?.slice('bearer.'.length);
}

/** Takes up WebSockets at /ws: guarded like every request, and never without a token. */
export class Upgrades {
  readonly #needs: FrontNeeds;
  readonly #guard: () => GuardOptions;
  readonly #clock: Clock;
  /** Only the person hands in files, so nobody else makes us hold as much. */
  readonly #servers: Readonly<Record<'person' | 'others', WebSocketServer>>;

  constructor(needs: FrontNeeds, guardOptions: () => GuardOptions, clock: Clock) {
    this.#needs = needs;
    this.#guard = guardOptions;
    this.#clock = clock;
    const taking = (maxPayload: number) =>
      new WebSocketServer({
        noServer: true,
        maxPayload,
        perMessageDeflate: false,
        handleProtocols: () => protocol,
      });
    const { bodyBytes, fileBytes } = needs.limits;
    this.#servers = { person: taking(Math.max(bodyBytes, fileBytes)), others: taking(bodyBytes) };
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { tokens, refusals, handlers, activity, log, limits } = this.#needs;
    socket.on('error', (failure) =>
      log.debug({ err: failure }, 'a connection failed before it was a WebSocket'),
    );
    try {
      guard(request, this.#guard(), (reason) => refusals.note('websocket', reason));
    } catch {
      return refuse(socket, problemCodes.forbidden.status);
    }
    if (request.url?.split('?', 1)[0] !== '/ws') return refuse(socket, 404);
    const value = tokenAmong(request.headers['sec-websocket-protocol']);
    const { token, ...context } = contextFor(tokens, 'websocket', value);
    const caller = context.caller();
    if (token === undefined || !caller) {
      refusals.note('websocket', context.refusal ?? 'no token');
      return refuse(socket, 401);
    }
    const server = this.#servers[caller.kind === 'operator' ? 'person' : 'others'];
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const clock = this.#clock;
      serveWebSocket(webSocket, { handler: handlers.standard, context, clock, log, activity, limits });
      const forget = tokens.whenEnded(token, () =>
        closeSocket(webSocket, clock, closeCodes.tokenEnded, 'the token has ended'),
      );
      webSocket.once('close', forget);
    });
  }

  /** Says farewell to every WebSocket. */
  close(): void {
    for (const { clients } of Object.values(this.#servers))
      for (const webSocket of clients)
        closeSocket(webSocket, this.#clock, closeCodes.stopping, 'Holdfast is stopping');
  }
}
