/** The page of a session: how fast a long one opens, what it holds, and how smoothly ten write at a time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumProgram, chromiumSwitches } from '../e2e/chromium-switches.ts';
import { runCli, startDaemon } from '../e2e/launchers/built.ts';
import { type Scripted, startModelStandIn } from '../e2e/stand-in-models/stand-in.ts';
import { numberOption, percentile, quick, report, thousands } from './parts/report.ts';

const messages = numberOption('messages', quick ? 400 : 2000);
const seconds = numberOption('seconds', quick ? 2 : 5);
const writers = numberOption('writers', 10);
const tokensASecond = 2000;
/** What most count as one. */
const charactersAToken = 4;
const piecesASecond = 20;

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-conversation-'));
const data = join(folder, 'data');
const agents = join(data, 'configuration', 'holdfast', 'agents');
mkdirSync(agents, { recursive: true, mode: 0o700 });
writeFileSync(
  join(agents, 'talker.yaml'),
  `name: talker\ntools: [echo]\nlimits: { iterations: ${messages}, tokens: 1000000000 }\nmemory: { context_window: 99999k }\n`,
);

const long = 'The tide came in, and with it what nobody had thought of.\n'.repeat(Math.ceil(200_000 / 58));
const stream = 'word '.repeat((tokensASecond * charactersAToken * seconds) / 5);
let steps = 0;
const script = (question: string): Scripted => {
  if (question.startsWith('write')) {
    const piece = (tokensASecond * charactersAToken) / piecesASecond;
    return { text: stream, piece, pace: 1000 / piecesASecond };
  }
  // An answer and its call are two entries of the page.
  if (++steps < messages / 2) {
    return {
      text: `Step ${steps}: **done**, as \`asked\`.`,
      calls: [{ tool: 'echo', input: { step: steps } }],
    };
  }
  return { text: long };
};
const model = await startModelStandIn({
  answer: ({ messages: sent }) => script(sent.find(({ role }) => role === 'user')?.text ?? ''),
});
const daemon = await startDaemon(data, 0);
const browser = await chromium.launch({ executablePath: chromiumProgram, args: chromiumSwitches });

/** Run in the page: the length of each frame for so long. */
const frames = (milliseconds: number) => `new Promise((resolve) => {
  const lengths = [];
  const began = performance.now();
  let last = began;
  const frame = (now) => {
    lengths.push(now - last);
    last = now;
    if (now - began >= ${milliseconds}) return resolve(lengths.slice(2));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

/** Run in the page: goes there, and says how long it took until the text stood in the transcript. */
const opening = (hash: string, text: string) => `new Promise((resolve) => {
  const began = performance.now();
  location.hash = ${JSON.stringify(hash)};
  const look = () => {
    const log = document.querySelector('[role=log]');
    if (log && log.textContent.includes(${JSON.stringify(text)})) resolve(performance.now() - began);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})`;

async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

async function holdfast(...args: string[]): Promise<string> {
  const { code, out, err } = await runCli(data, args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out;
}

async function ask(text: string): Promise<string> {
  const { session } = JSON.parse(await holdfast('ask', 'talker', text, '--json')) as {
    session: { id: string };
  };
  return session.id;
}

try {
  await holdfast(
    'configure',
    '--provider',
    'demo',
    '--base-url',
    model.openai,
    '--no-key',
    '--model',
    'demo',
  );
  const talk = await ask('talk long');
  const page = await browser.newPage({ viewport: { width: 1280, height: 820 } });
  await page.goto(daemon.link);
  await page.getByText('Ask an agent').first().waitFor();
  await page.evaluate('location.hash = "#/sessions"');
  await page.getByRole('list', { name: 'Sessions' }).waitFor();
  const opened = await page.evaluate<number>(opening(`#/sessions?session=${talk}`, 'The tide came in'));
  report({
    name: `a session of ${thousands(messages)} messages and one of 200 kB opens`,
    figure: `${opened.toFixed(0)} ms`,
    compared: 'until its end can be read',
    value: opened,
    aim: { atMost: 500 },
    unit: ' ms',
  });
  const earlier = page.getByRole('button', { name: 'Earlier' });
  while (await earlier.isVisible()) {
    await earlier.dispatchEvent('click').catch(() => undefined);
    await page.evaluate(frames(50));
  }
  const heap = await heapMegabytes(page);
  report({
    name: 'its page, all of it loaded: heap',
    figure: `${heap.toFixed(0)} MB`,
    compared: `${thousands(messages)} entries`,
    value: heap,
    aim: { atMost: 200 },
    unit: ' MB',
  });

  const resting = await page.evaluate<number[]>(frames(1000));
  const writing = Array.from({ length: writers }, (_, i) => ask(`write ${i}`));
  const list = page.getByRole('list', { name: 'Sessions' }).getByRole('button', { name: /works/ });
  await list.first().click();
  await page.locator('[data-writing]').waitFor();
  const drawn = await page.evaluate<number[]>(frames(seconds * 600));
  await Promise.all(writing);
  report({
    name: `${writers} sessions write ${thousands(tokensASecond)} tokens a second each: longest frame of one's page`,
    figure: `${Math.max(...drawn).toFixed(0)} ms, 95 % within ${percentile(drawn, 95).toFixed(0)} ms`,
    compared: `${Math.max(...resting).toFixed(0)} ms at rest`,
    value: Math.max(...drawn),
    aim: { atMost: 50 },
    unit: ' ms',
  });
} finally {
  await browser.close();
  await daemon.stop('SIGTERM');
  await model.close();
  rmSync(folder, { recursive: true, force: true });
}
