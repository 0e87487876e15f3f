import { bridgeName, type DesktopBridge } from '../../shared/desktop-bridge.ts';
import { forgetToken, keptToken, admit, takeTicket } from '../bridge/admission.ts';
import type { OpenLine } from '../bridge/connection.ts';
import { overPort } from '../bridge/port-line.ts';
import { overWebSocket } from '../bridge/websocket-line.ts';

const patience = 10_000;

function desktopBridge(): DesktopBridge | undefined {
  return (globalThis as { [bridgeName]?: DesktopBridge })[bridgeName];
}

/** The way from this page to the house: the desktop's port where there is one, otherwise a WebSocket. */
export function openLine(): OpenLine {
  const bridge = desktopBridge();
  if (bridge) return overPort(bridge, () => AbortSignal.timeout(patience));
  let ticket = takeTicket();
  const open = overWebSocket(location.origin, keptToken);
  return async () => {
    if (ticket) {
      const problem = await admit(location.origin, ticket);
      if (problem?.code === 'unreachable') throw problem;
      ticket = null;
    }
    try {
      return await open();
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'unauthorized') forgetToken();
      throw thrown;
    }
  };
}
