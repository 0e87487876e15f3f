import { type Taken, takenBy } from '../../shared/port-credit.ts';
import type { ConversationNeeds } from './conversation.ts';
import { PeerSession } from './peer-session.ts';
import { PortCredit } from './port-credit.ts';
import { StallWatch } from './stall-watch.ts';

/** What this needs of Electron's MessagePortMain. */
export interface GatewayPort {
  postMessage(message: string | Taken): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Speaks with one port until either side closes it. */
export function servePort(
  port: GatewayPort,
  {
    handler,
    context,
    clock,
    log,
    activity,
    limits,
    closed,
  }: ConversationNeeds & { readonly closed: () => void },
): void {
  const credit = new PortCredit();
  const watch = new StallWatch(clock, limits.stallMilliseconds, () => port.close());
  const session = new PeerSession({
    handler,
    context,
    log,
    activity,
    limits,
    async send(message) {
      watch.waits();
      await credit.spend(message.length);
      watch.taken();
      port.postMessage(message);
    },
    cut: () => port.close(),
    clogged: () => credit.exhausted,
  });
  port.on('message', ({ data }) => {
    const taken = takenBy(data);
    if (taken === undefined) void session.receive(data);
    else credit.earn(taken);
  });
  port.on('close', () => {
    watch.close();
    credit.close();
    session.close();
    closed();
  });
  port.start();
}
