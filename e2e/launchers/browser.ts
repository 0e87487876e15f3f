import { runCli, startDaemon } from './built.ts';
import type { Launcher } from './launched.ts';

/** The built daemon, and its pages in a browser that came in through the ticket link. */
export const launch: Launcher = async ({ data, browser, prepare }) => {
  let daemon = await startDaemon(data, 0);
  const port = Number(new URL(daemon.link).port);
  const context = await browser.newContext({ viewport: { width: 1280, height: 820 }, acceptDownloads: true });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
    origin: new URL(daemon.link).origin,
  });
  const page = await context.newPage();
  prepare(page);
  await page.goto(daemon.link);
  return {
    page,
    data,
    cli: (...args) => runCli(data, args),
    kill: () => daemon.stop('SIGKILL'),
    async restart() {
      daemon = await startDaemon(data, port);
    },
    async close() {
      await context.close();
      await daemon.stop('SIGTERM');
    },
  };
};
