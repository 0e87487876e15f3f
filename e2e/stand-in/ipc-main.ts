import type { PageFrame } from './page-frame.ts';

type Handler = (event: { sender: unknown; senderFrame: PageFrame | null }, ...given: unknown[]) => unknown;

const handlers = new Map<string, Handler>();

export const ipcMain = {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
};

/** Answers a page's `ipcRenderer.invoke`, with an error in Electron's words. */
export async function invoke(
  channel: string,
  event: { sender: unknown; senderFrame: PageFrame | null },
  given: unknown[],
): Promise<{ value: unknown } | { failure: string }> {
  try {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return { value: await handler(event, ...given) };
  } catch (failure) {
    return { failure: `Error invoking remote method '${channel}': ${String(failure)}` };
  }
}
