import type { AddressInfo } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { createHttpServer } from '../../gateway/http-server.ts';
import { defaultLimits } from '../../gateway/limits.ts';
import { listening } from '../../gateway/listening.ts';
import { McpFront, type McpFrontNeeds } from './front.ts';

export interface McpListener {
  readonly port: number;
  close(): Promise<void>;
}

export type OpenListener = (port: number) => Promise<McpListener>;

/** Each program that listens keeps a connection, and asks by another. */
const limits = { ...defaultLimits, connections: 2048 };

/** How long the last words of a closing listener may take to arrive. */
const farewell = 500;

/** Listens on loopback only. */
export function listenerOpener(needs: Omit<McpFrontNeeds, 'port'>, clock: Clock): OpenListener {
  return async (wanted) => {
    const front = new McpFront({ ...needs, port: () => port });
    const http = createHttpServer(front, clock, limits);
    await listening(http.server, { host: '127.0.0.1', port: wanted });
    const { port } = http.server.address() as AddressInfo;
    return {
      port,
      async close() {
        http.server.close();
        await front.close();
        await http.close(farewell);
      },
    };
  };
}
