import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test as base } from '@playwright/test';
import { StandInApp, type StandInOptions } from './stand-in-app.ts';

export { expect } from '@playwright/test';

interface Fixtures {
  data: string;
  /** Starts the desktop app on the folder; what is still there at the end is ended. */
  start: (options?: StandInOptions) => Promise<StandInApp>;
  /** The same, and waits until its window is live. */
  open: (options?: StandInOptions) => Promise<{ app: StandInApp; page: Page }>;
}

export async function live(page: Page): Promise<void> {
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('live');
}

/** For what only the desktop app has: its tray, its way out, its window's place. */
export const test = base.extend<Fixtures>({
  data: async ({ browserName }, hand) => {
    const data = await mkdtemp(path.join(tmpdir(), `holdfast-desktop-${browserName}-`));
    await hand(data);
    await rm(data, { recursive: true, force: true, maxRetries: 20 });
  },
  start: async ({ data }, hand) => {
    const started: StandInApp[] = [];
    await hand(async (options) => {
      const app = await StandInApp.start(data, options);
      started.push(app);
      return app;
    });
    for (const app of started) await app.endAnyway();
  },
  open: async ({ start }, hand) =>
    hand(async (options) => {
      const app = await start(options);
      const page = await app.page();
      await live(page);
      return { app, page };
    }),
});
