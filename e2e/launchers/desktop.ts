import { runCli } from './built.ts';
import type { Launcher } from './launched.ts';
import { StandInApp } from './stand-in-app.ts';

/** The built desktop app in the stand-in for Electron. It listens for browsers too, which some specs look at. */
export const launch: Launcher = async ({ data, prepare }) => {
  const start = async () => {
    const app = await StandInApp.start(data, { args: ['--port', '0'], prepare });
    const page = await app.page();
    await page.setViewportSize({ width: 1280, height: 820 });
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
      await running.app.end('SIGKILL');
    },
    async restart() {
      running = await start();
    },
    async close() {
      await running.app.end('SIGTERM');
    },
  };
};
