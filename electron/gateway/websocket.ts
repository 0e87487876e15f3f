import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import type { ConversationNeeds } from './conversation.ts';
import { closeCodes } from './limits.ts';
import { PeerSession } from './peer-session.ts';
import { StallWatch } from './stall-watch.ts';

export const protocol = 'holdfast.v1';

/** A closing handshake that the other side does not answer is not waited for longer than this. */
const farewell = 2_000;

/** Closes with a code, and for good soon after. */
export function closeSocket(socket: WebSocket, clock: Clock, code: number, reason: string): void {
  socket.close(code, reason);
  const cancel = clock.after(farewell, () => socket.terminate());
  socket.once('close', cancel);
}

const cutWords = {
  tooMany: 'too many calls at once',
  tooLarge: 'a message that is too large',
  unreadable: 'unreadable message',
} as const;

function textOf(data: RawData): string {
  return Buffer.isBuffer(data)
    ? data.toString()
    : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString();
}

/** Speaks with one WebSocket until it closes. */
export function serveWebSocket(
  socket: WebSocket,
  { handler, context, clock, log, activity, limits }: ConversationNeeds,
): void {
  const close = (code: number, reason: string) => {
    session.close();
    closeSocket(socket, clock, code, reason);
  };
  const watch = new StallWatch(clock, limits.stallMilliseconds, () =>
    close(closeCodes.tooSlow, 'too slow: continue by sequence number'),
  );
  const session = new PeerSession({
    handler,
    context,
    log,
    activity,
    limits,
    // The callback comes when the operating system has taken the message, so nothing piles up here.
    send: (message) =>
      new Promise((resolve, reject) => {
        watch.waits();
        socket.send(message, (failure) => {
          watch.taken();
          if (failure) reject(failure);
          else resolve();
        });
      }),
    cut: (reason) => close(closeCodes[reason], cutWords[reason]),
    clogged: () => socket.bufferedAmount > limits.waitingBytes,
  });
  socket.on('message', (data, binary) => void session.receive(binary ? data : textOf(data)));
  socket.on('error', (failure) => log.debug({ err: failure }, 'a WebSocket failed'));
  socket.once('close', () => {
    watch.close();
    session.close();
  });
}
