/** The Audit screen over a long record, scrolled as fast as it goes: its longest frame and its memory. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumProgram, chromiumSwitches } from '../e2e/chromium-switches.ts';
import { builtDaemon, start, stop } from './parts/daemons.ts';
import { numberOption, percentile, quick, report, thousands } from './parts/report.ts';

const events = numberOption('events', quick ? 20_000 : 100_000);
const seconds = numberOption('seconds', quick ? 3 : 8);
const plant = new URL('../e2e/launchers/plant.ts', import.meta.url).pathname;

/** Run in the page: the length of each frame while the list goes from one end to the other and back, or rests. */
const frames = (scrolls: boolean) => `new Promise((resolve) => {
  const list = document.querySelector('[role=grid]');
  const lengths = [];
  const began = performance.now();
  let last = began;
  const frame = (now) => {
    lengths.push(now - last);
    last = now;
    const way = (now - began) / ${seconds * 1000};
    if (way >= 1) return resolve(lengths.slice(2));
    if (${scrolls}) list.scrollTop = (way < 0.5 ? 2 * way : 2 - 2 * way) * list.scrollHeight;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-scroll-'));
const data = join(folder, 'data');
execFileSync(process.execPath, [plant, data, String(events)]);
const daemon = await start(builtDaemon, ['--data', data, '--no-open']);
const browser = await chromium.launch({ executablePath: chromiumProgram, args: chromiumSwitches });
try {
  const link = /http:\S+/.exec(daemon.line)?.[0];
  if (!link) throw new Error(`the daemon said: ${daemon.line}`);
  const page = await browser.newPage({ viewport: { width: 1280, height: 820 } });
  await page.goto(link);
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('row').first().waitFor();
  const resting = await page.evaluate<number[]>(frames(false));
  const scrolling = await page.evaluate<number[]>(frames(true));
  const longest = Math.max(...scrolling);
  report({
    name: `scrolling ${thousands(events)} events: longest frame`,
    figure: `${longest.toFixed(0)} ms, 95 % within ${percentile(scrolling, 95).toFixed(0)} ms`,
    compared: `${Math.max(...resting).toFixed(0)} ms at rest`,
    value: longest,
    aim: { atMost: 50 },
    unit: ' ms',
  });
  report({
    name: 'scrolling: heap of the page',
    figure: `${(await heapMegabytes(page)).toFixed(0)} MB`,
    compared: `${thousands(scrolling.length)} frames drawn`,
    value: await heapMegabytes(page),
    aim: { atMost: 80 },
    unit: ' MB',
  });
} finally {
  await browser.close();
  await stop(daemon);
  rmSync(folder, { recursive: true, force: true });
}
