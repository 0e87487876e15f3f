import { createORPCClient } from '@orpc/client';
import { RPCLink as HttpLink } from '@orpc/client/fetch';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../../shared/contract/contract.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { TestHouse } from './test-house.ts';

export type Client = ContractRouterClient<Contract>;

export function overHttp({ address }: Pick<TestHouse, 'address'>, token?: string): Client {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createORPCClient(new HttpLink({ url: `${address}/rpc`, headers }));
}

export function openSocket({ port }: Pick<TestHouse, 'port'>, token: string, headers = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['holdfast.v1', `bearer.${token}`], { headers });
  onTestFinished(() => socket.terminate());
  return socket;
}

export function overSocket(socket: WebSocket): Client {
  return createORPCClient(new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }));
}

/** The problem that a call ends with. */
export async function problemFrom(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (thrown) {
    return problemOf(thrown);
  }
  throw new Error('the call succeeded');
}

/** Resolves as soon as the condition holds; the test's own time limit is its bound. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The code with which a connection was closed, or the HTTP status with which it was refused. */
export function ending(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', () => undefined);
    socket.once('close', (code) => resolve(code));
  });
}
