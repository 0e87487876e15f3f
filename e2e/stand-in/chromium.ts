import { type BrowserContext, chromium } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromiumProgram, chromiumSwitches } from '../chromium-switches.ts';
import { report } from './control.ts';

const args = [
  ...chromiumSwitches,
  // Electron's pages hear when the other end of a port is closed; Chromium's do so only when told.
  '--enable-blink-features=MessagePortCloseEvent',
  // The tests look at the same pages through a connection of their own.
  '--remote-debugging-port=0',
];

let running: BrowserContext | undefined;

/** Starts the browser whose pages are the app's windows. Its profile is the app's, so it remembers what it should. */
export async function startChromium(profile: string): Promise<void> {
  running = await chromium.launchPersistentContext(join(profile, 'chromium'), {
    executablePath: chromiumProgram,
    args,
    viewport: null,
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  await running.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [port = ''] = (await readFile(join(profile, 'chromium', 'DevToolsActivePort'), 'utf8')).split('\n');
  report({ endpoint: `http://127.0.0.1:${port}` });
}

export function browser(): BrowserContext {
  if (!running) throw new Error('no window can be made before the app is ready');
  return running;
}

export async function stopChromium(): Promise<void> {
  await running?.close();
}
