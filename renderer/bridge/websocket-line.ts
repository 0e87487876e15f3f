import { createORPCClient } from '@orpc/client';
import { RPCLink as HttpLink } from '@orpc/client/fetch';
import { RPCLink } from '@orpc/client/websocket';
import { Problem } from '../../shared/problem.ts';
import type { Client } from './client.ts';
import type { Line, OpenLine } from './connection.ts';
import { problemOf } from '../../shared/contract/problems.ts';

/** Calls over plain HTTP: the ticket exchange, and asking why a socket was refused. */
export function httpClient(origin: string, token?: string): Client {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return createORPCClient<Client>(new HttpLink({ url: `${origin}/rpc`, headers }));
}

/** A line over a WebSocket on loopback. Browsers cannot set headers there, so the token goes as a subprotocol. */
export function overWebSocket(origin: string, token: () => string | null): OpenLine {
  return async () => {
    const bearer = token();
    if (!bearer) throw new Problem('unauthorized', 'this window has no token');
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/ws`, ['holdfast.v1', `bearer.${bearer}`]);
    socket.binaryType = 'arraybuffer';
    const carrier = new RPCLink({ websocket: socket });
    if (!(await opened(socket))) throw await whyRefused(origin, bearer);
    const closed = new Promise<void>((resolve) =>
      socket.addEventListener('close', () => resolve(), { once: true }),
    );
    return { carrier, closed, close: () => socket.close(1000) } satisfies Line;
  };
}

function opened(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.addEventListener('open', () => resolve(true), { once: true });
    socket.addEventListener('close', () => resolve(false), { once: true });
  });
}

/** A browser does not tell why a WebSocket was refused; the same token over HTTP is told. */
async function whyRefused(origin: string, token: string): Promise<Problem> {
  try {
    await httpClient(origin, token).record.state();
    return new Problem('unreachable', 'the connection could not be opened');
  } catch (thrown) {
    const problem = problemOf(thrown);
    return problem.code === 'unauthorized' ? problem : new Problem('unreachable', 'Holdfast does not answer');
  }
}
