/** A plan of a thousand parts on the Run page: laid out in its worker, then moved and made larger and smaller as fast as it goes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import ELK from 'elkjs/lib/elk.bundled.js';
import { chromiumProgram, chromiumSwitches } from '../e2e/chromium-switches.ts';
import { runCli } from '../e2e/launchers/built.ts';
import { elkGraph } from '../renderer/features/runs/graph/elk-graph.ts';
import { shapeOf } from '../renderer/features/runs/graph/graph-shape.ts';
import { builtDaemon, start, stop } from './parts/daemons.ts';
import { median, numberOption, percentile, quick, report, thousands } from './parts/report.ts';

const count = numberOption('parts', quick ? 300 : 1000);
const seconds = numberOption('seconds', quick ? 2 : 6);
const rounds = quick ? 1 : 3;
/** As the library lays out layers where nobody asks for anything else. */
const itsOwn = { 'elk.algorithm': 'layered', 'elk.direction': 'RIGHT' };

/** Layers that follow from one another, as a planner makes them, with an edge or two further back. */
function plan(): { subtasks: { id: string; role: string; depends_on: string[]; params: object }[] } {
  const width = Math.ceil(Math.sqrt(count));
  return {
    subtasks: Array.from({ length: count }, (_, index) => {
      const from = [index - width, index - width + ((index * 7) % 5) - 2, index - 2 * width - (index % 3)];
      const parents = from.filter((each, at) => each >= 0 && each < index && (at < 2 || index % 4 === 0));
      return {
        id: `part-${index}`,
        role: 'runner',
        depends_on: [...new Set(parents)].map((each) => `part-${each}`),
        params: { command: ['true'] },
      };
    }),
  };
}

/** Run in the page: the length of each frame while the graph is moved and its size changed, or while it rests. */
const frames = (moves: boolean, whole: boolean) => `new Promise((resolve) => {
  const canvas = document.querySelector('canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const lengths = [];
  const began = performance.now();
  let last = began;
  const wheel = (more) => canvas.dispatchEvent(new WheelEvent('wheel', {
    bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + height / 2, ...more }));
  const frame = (now) => {
    lengths.push(now - last);
    last = now;
    const way = (now - began) / ${seconds * 1000};
    if (way >= 1) return resolve(lengths.slice(2));
    if (${moves}) {
      const side = Math.floor(way * 12) % 2 === 0 ? 1 : -1;
      wheel({ deltaX: side * ${whole ? 3 : 40}, deltaY: side * ${whole ? 2 : 15} });
      if (!${whole} || lengths.length % 3 === 0) wheel({ deltaY: side * ${whole ? 1 : 12}, ctrlKey: true });
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

/** From the page’s opening until the graph stands, and of that what the worker took. */
async function laidOut(page: Page, address: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(address);
  const began = performance.now();
  await page.locator('canvas').waitFor();
  await page.locator('[data-laid]').waitFor({ timeout: 120_000 });
  return performance.now() - began;
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-graph-'));
const data = join(folder, 'data');
const daemon = await start(builtDaemon, ['--data', data, '--no-open']);
const browser = await chromium.launch({ executablePath: chromiumProgram, args: chromiumSwitches });
try {
  const made = plan();
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify(made));
  const submitted = await runCli(data, [
    'submit',
    '--plan',
    file,
    '--approve-plan',
    'always',
    '--detach',
    '--json',
  ]);
  const run = /run_[0-9a-z]{26}/.exec(submitted.out)?.[0];
  if (run === undefined) throw new Error(`the plan was not taken: ${submitted.out}${submitted.err}`);
  const link = /http:\S+/.exec(daemon.line)?.[0];
  if (!link) throw new Error(`the daemon said: ${daemon.line}`);

  const shape = shapeOf(made.subtasks.map(({ id, depends_on }) => ({ name: id, dependsOn: depends_on })));
  const alone: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    await new ELK.default().layout({ ...elkGraph(shape), layoutOptions: itsOwn });
    alone.push(performance.now() - began);
  }

  const page = await browser.newPage({ viewport: { width: 1280, height: 820 } });
  await page.goto(link);
  await page.getByRole('contentinfo', { name: 'Status' }).getByText('live').waitFor();
  const address = `${new URL(link).origin}/#/runs/${run}`;
  const inWorker: number[] = [];
  for (let round = 0; round < rounds; round++) inWorker.push(await laidOut(page, address));
  report({
    name: `graph of ${thousands(count)} parts: until it stands, page and worker included`,
    figure: `${median(inWorker).toFixed(0)} ms`,
    compared: `${alone[0]?.toFixed(0)} ms elkjs alone with its own options, as its first layout; ${median(alone.slice(1)).toFixed(0)} ms once it is warm`,
    value: median(inWorker) / (alone[0] ?? NaN),
    aim: { atMost: 1 },
  });

  const resting = await page.evaluate<number[]>(frames(false, true));
  for (const whole of [true, false]) {
    await page.getByRole('button', { name: 'All', exact: true }).click();
    if (!whole) {
      await page.getByRole('application').focus();
      await page.keyboard.press('ArrowRight');
      // What the part may do is asked for and shown first: it is no part of moving.
      await page.getByRole('heading', { name: 'May', exact: true }).waitFor();
    }
    const moving = await page.evaluate<number[]>(frames(true, whole));
    const longest = Math.max(...moving);
    report({
      name: `graph of ${thousands(count)} parts, ${whole ? 'the whole in view' : 'near enough to read'}: longest frame`,
      figure: `${longest.toFixed(0)} ms, 95 % within ${percentile(moving, 95).toFixed(0)} ms`,
      compared: `${Math.max(...resting).toFixed(0)} ms at rest`,
      value: longest,
      aim: { atMost: 50 },
      unit: ' ms',
    });
  }
} finally {
  await browser.close();
  await stop(daemon);
  rmSync(folder, { recursive: true, force: true });
}
