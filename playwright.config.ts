// One set of specs, three ways to the same pages; each spec learns from its project's name which one it is on.
import { defineConfig } from '@playwright/test';
import { chromiumProgram, chromiumSwitches } from './e2e/chromium-switches.ts';

/** A window that outlives its house is one of a browser; the desktop's own is tried in attached.desktop.spec.ts. */
const windowOutlives = ['reconnect.spec.ts'];

/** Pages are looked at in a browser; one spec that walks through all screens shows that the others are the same. */
const furtherLooks = /@looks/;

/** What a page does that nothing of a desktop takes part in: tried in a browser, and wherever Electron itself is. */
const pagesAlone = /@looks|@page/;

export default defineConfig({
  testDir: 'e2e/specs',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/playwright',
  workers: 2,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    // Without a film, which costs a tenth of all time; each step's page is in it all the same.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromiumProgram,
      args: chromiumSwitches,
    },
  },
  projects: [
    // The daemon's pages in a browser.
    { name: 'browser', testIgnore: '*.desktop.spec.ts' },
    // The built main process and preload against a stand-in for the electron module.
    { name: 'desktop', testIgnore: ['*.browser.spec.ts', ...windowOutlives], grepInvert: pagesAlone },
    // The real thing, where Electron's program is on this machine.
    {
      name: 'electron',
      testIgnore: ['*.browser.spec.ts', '*.desktop.spec.ts', ...windowOutlives],
      grepInvert: furtherLooks,
    },
  ],
});
