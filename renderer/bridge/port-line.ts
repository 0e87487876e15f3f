import { RPCLink } from '@orpc/client/message-port';
import { type DesktopBridge, portMessage } from '../../shared/desktop-bridge.ts';
import { acknowledging } from '../../shared/port-credit.ts';
import { Problem } from '../../shared/problem.ts';
import type { Line, OpenLine } from './connection.ts';

/** A line over a MessagePort that the desktop app hands to its own window. */
export function overPort(bridge: DesktopBridge, patience: () => AbortSignal): OpenLine {
  return async () => {
    const signal = patience();
    const arrival = nextPort(signal);
    const [port] = await Promise.all([arrival, bridge.connect()]);
    let gone = () => {};
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
      port.addEventListener('close', () => resolve(), { once: true });
    });
    const acknowledge = acknowledging((taken) => port.postMessage(taken));
    port.addEventListener('message', ({ data }) => acknowledge(data));
    const carrier = new RPCLink({ port });
    port.start();
    const close = () => {
      port.close();
      gone();
    };
    return { carrier, closed, close } satisfies Line;
  };
}

/** The next port sent by this very window; messages of anybody else are not looked at. */
function nextPort(signal: AbortSignal): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      removeEventListener('message', onMessage);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      leave();
      reject(new Problem('unreachable', 'the desktop app did not answer'));
    };
    const onMessage = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== portMessage || !port) return;
      leave();
      resolve(port);
    };
    addEventListener('message', onMessage);
    signal.addEventListener('abort', onAbort);
  });
}
