/** What Holdfast costs at rest, with a window open in a real browser; memory beside a minimal daemon's. */
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumProgram, chromiumSwitches } from '../e2e/chromium-switches.ts';
import {
  builtDaemon,
  cpuMilliseconds,
  minimalDaemon,
  residentMegabytes,
  start,
  stop,
} from './parts/daemons.ts';
import { numberOption, quick, report } from './parts/report.ts';

const seconds = numberOption('seconds', quick ? 10 : 60);
/** Long enough for readers that nobody asks any more to have ended. */
const settling = numberOption('settling', 40);
const wait = (length: number) => new Promise((resolve) => setTimeout(resolve, length * 1000));

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-idle-'));
const ours = await start(builtDaemon, ['--data', join(folder, 'data'), '--no-open']);
const minimal = await start(minimalDaemon, [join(folder, 'minimal.sqlite')]);
const browser = await chromium.launch({ executablePath: chromiumProgram, args: chromiumSwitches });
try {
  const link = /http:\S+/.exec(ours.line)?.[0];
  if (!link) throw new Error(`the daemon said: ${ours.line}`);
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByRole('navigation').first().waitFor();
  await wait(settling);
  const before = cpuMilliseconds(ours.process.pid!);
  await wait(seconds);
  const spent = cpuMilliseconds(ours.process.pid!) - before;
  report({
    name: `idle: processor time in ${seconds} s with a window open`,
    figure: `${spent.toFixed(1)} ms`,
    compared: `${((spent / seconds / 1000) * 100).toFixed(3)} % of one processor`,
    value: spent,
    aim: { atMost: (20 * seconds) / 60 },
    unit: ' ms',
  });
  const [own, least] = [residentMegabytes(ours.process.pid!), residentMegabytes(minimal.process.pid!)];
  report({
    name: 'idle: memory',
    figure: `${own.toFixed(0)} MB`,
    compared: `${least.toFixed(0)} MB for a minimal daemon`,
    value: own / least,
    aim: { atMost: 1.6 },
  });
} finally {
  await browser.close();
  await stop(ours);
  await stop(minimal);
  rmSync(folder, { recursive: true, force: true });
}
