// One set of specs, three ways to the same pages; each spec learns from its project's name which one it is on.
import { defineConfig } from '@playwright/test';

/** The Chromium of the system: Playwright's own is never downloaded. */
const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** A window that outlives its house is one of a browser; the desktop's own is tried in attached.desktop.spec.ts. */
const windowOutlives = ['reconnect.spec.ts'];

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
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      // Without these Chromium spends its time on hosts it has no business with; as root it has no sandbox.
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
  projects: [
    // The daemon's pages in a browser.
    { name: 'browser', testIgnore: '*.desktop.spec.ts' },
    // The built main process and preload against a stand-in for the electron module.
    { name: 'desktop', testIgnore: ['*.browser.spec.ts', ...windowOutlives] },
    // The real thing, where Electron's program is on this machine.
    { name: 'electron', testIgnore: ['*.browser.spec.ts', '*.desktop.spec.ts', ...windowOutlives] },
  ],
});
