import { ipcMain, MessageChannelMain, type WebFrameMain } from 'electron';
import { connectCall, portMessage } from '../../shared/desktop-bridge.ts';
import { Problem } from '../../shared/problem.ts';
import type { GatewayPort } from '../gateway/port.ts';
import { isOwnPage } from './security-restrictions.ts';

/** Hands each page that asks one port to the house. A page that asks again has given its former one up. */
export function handOutPorts(attach: (port: GatewayPort) => Promise<void>): void {
  const ports = new WeakMap<WebFrameMain, GatewayPort>();
  ipcMain.handle(connectCall, async ({ senderFrame: frame }) => {
    if (frame === null || !isOwnPage(frame)) throw refused();
    ports.get(frame)?.close();
    const { port1: ours, port2: theirs } = new MessageChannelMain();
    try {
      await attach(ours);
      // The page may have gone elsewhere while the house was being reached.
      if (frame.isDestroyed() || !isOwnPage(frame)) throw refused();
    } catch (thrown) {
      ours.close();
      throw thrown;
    }
    ports.set(frame, ours);
    frame.postMessage(portMessage, null, [theirs]);
  });
}

const refused = () => new Problem('forbidden', 'Only Holdfast’s own page may speak with the house.');
