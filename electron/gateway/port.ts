import type { StandardHandler } from '@orpc/server/standard';
import type { Log } from '../base/log.ts';
import type { Activity } from './activity.ts';
import type { CallContext } from './caller.ts';
import type { Limits } from './limits.ts';
import { PeerSession } from './peer-session.ts';

/** What this needs of Electron's MessagePortMain. */
export interface GatewayPort {
  postMessage(message: string): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface PortNeeds {
  readonly handler: StandardHandler<CallContext>;
  readonly context: CallContext;
  readonly log: Log;
  readonly activity: Activity;
  readonly limits: Limits;
  readonly closed: () => void;
}

/** Speaks with one port until either side closes it. */
export function servePort(
  port: GatewayPort,
  { handler, context, log, activity, limits, closed }: PortNeeds,
): void {
  const session = new PeerSession({
    handler,
    context,
    log,
    activity,
    inFlight: limits.inFlight,
    send: (message) => Promise.resolve(port.postMessage(message)),
    cut: () => port.close(),
    clogged: () => false,
  });
  port.on('message', ({ data }) => void session.receive(data));
  port.on('close', () => {
    session.close();
    closed();
  });
  port.start();
}
