/**
 * Runs a built main process as Electron would: `node start.ts out/main/main.js ARGUMENTS`. Its windows are pages of the
 * system's Chromium; what else belongs to a desktop (tray, dialogs, notifications, key ring) is recorded, and answered
 * by tests over the process's IPC channel.
 */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { startChromium } from './chromium.ts';
import { listenToTests, report, waitForTests } from './control.ts';
import { giveControl } from './hand.ts';

const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

// Electron's arguments begin with the program and the app.
process.argv.splice(1, 1);
const [, entry = 'out/main/main.js'] = process.argv;
giveControl();
listenToTests();
await import(pathToFileURL(entry).href);
// As in Electron, the app is ready no earlier than its entry has been loaded to the end, top-level awaits included.
if (!app.ending) {
  const awaited = waitForTests();
  await startChromium(app.getPath('userData'));
  await awaited;
  app.becomeReady();
  report({ ready: true });
}
