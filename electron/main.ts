/** Entry: the desktop app. */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, ipcMain, MessageChannelMain } from 'electron';
import { connectCall, portMessage } from '../shared/desktop-bridge.ts';
import { startCore } from './core.ts';
import { readFlags } from './desktop/flags.ts';
import { servePages } from './desktop/pages.ts';
import {
  isOwnPage,
  pagesAt,
  restrictApp,
  restrictSession,
  webPreferences,
} from './desktop/security-restrictions.ts';

const near = (path: string) => fileURLToPath(new URL(path, import.meta.url));

restrictApp();
const flags = readFlags(process.argv.slice(1));
// Not awaited: Electron is not ready before this module has come to its end.
void app.whenReady().then(run);

async function run(): Promise<void> {
  restrictSession();
  servePages(near('../renderer/'));
  const core = await startCore({
    surface: 'desktop',
    data: flags.data,
    port: flags.port,
    stopAsked: () => app.quit(),
  });
  let stopping = false;
  app.on('before-quit', (event) => {
    if (stopping) return;
    stopping = true;
    event.preventDefault();
    void core.stop({ drain: true, reason: 'quit' }).finally(() => app.exit(0));
  });
  ipcMain.handle(connectCall, ({ sender, senderFrame }) => {
    if (!isOwnPage(senderFrame)) throw new Error('refused');
    const { port1, port2 } = new MessageChannelMain();
    core.gateway.attachPort(port1, {
      kind: 'operator',
      name: 'the desktop window',
      token: null,
      procedures: null,
    });
    sender.postMessage(portMessage, null, [port2]);
  });
  const window = new BrowserWindow({ webPreferences: webPreferences(near('../preload/preload.cjs')) });
  await window.loadURL(pagesAt());
}
