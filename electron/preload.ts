/** The window's only bridge. Sandboxed: it has Electron's two modules below and nothing of Node. */
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, connectCall, type DesktopBridge, portMessage } from '../shared/desktop-bridge.ts';

declare const window: { postMessage(message: string, target: string, ports: readonly unknown[]): void };

// The page gets the port from its own window, as a browser would have it; nobody else can receive it there.
ipcRenderer.on(portMessage, ({ ports }) => window.postMessage(portMessage, '*', ports));

const bridge: DesktopBridge = {
  surface: 'desktop',
  connect: async () => {
    await ipcRenderer.invoke(connectCall);
  },
};
contextBridge.exposeInMainWorld(bridgeName, bridge);
