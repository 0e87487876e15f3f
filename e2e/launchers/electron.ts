import { _electron } from '@playwright/test';
import path from 'node:path';
import { findElectron } from '../../scripts/setup/electron-binary.mjs';
import { runCli } from './built.ts';
import type { Launcher } from './launched.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Why this way cannot be gone here. */
export const unavailable = () =>
  findElectron(root) === undefined ? "Electron's program is not on this machine" : undefined;

/** The built desktop app in Electron itself. */
export const launch: Launcher = async ({ data, prepare }) => {
  const start = async () => {
    const executablePath = findElectron(root);
    const app = await _electron.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [root, '--data', data, '--port', '0'],
    });
    const page = await app.firstWindow();
    prepare(page);
    return { app, page };
  };
  let running = await start();
  return {
    get page() {
      return running.page;
    },
    data,
    cli: (...args) => runCli(data, args),
    async kill() {
      const gone = running.app.waitForEvent('close');
      running.app.process().kill('SIGKILL');
      await gone;
    },
    async restart() {
      running = await start();
    },
    async close() {
      await running.app.close();
    },
  };
};
