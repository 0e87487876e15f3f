/**
 * Checks of capability tokens: matching only, against a bare loop of `===` and `startsWith` over the same
 * paths; and with opening the path, against bare open, readlink and close of the same files.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapability } from '../shared/capability/text.ts';
import { systemClock } from '../electron/base/clock.ts';
import { silentLog } from '../electron/base/log.ts';
import type { Act } from '../electron/capabilities/act.ts';
import { CapabilityTokens, type Holder } from '../electron/capabilities/capability-tokens.ts';
import { createPathOpener } from '../electron/capabilities/open-path.ts';
import { median, perSecond, quick, report, thousands } from './parts/report.ts';

const rounds = quick ? 5 : 15;
const matches = quick ? 400_000 : 2_000_000;
const openings = quick ? 20_000 : 60_000;
const pathOnly = 0o10_000_000;

const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'holdfast-bench-capabilities-')));
const granted = join(root, 'granted');
const files = Array.from({ length: 64 }, (_, i) => join(granted, `folder-${i % 8}`, `file-${i}`));
for (const file of files) {
  fs.mkdirSync(join(file, '..'), { recursive: true });
  fs.writeFileSync(file, 'something to read');
}

/** Grants are not written here: none of the tokens counts its uses, so nothing else is. */
const unwritten = {
  append: () => Promise.resolve({} as never),
  appendAll: () => Promise.resolve([]),
  rows: () => [],
};
const tokens = new CapabilityTokens({
  record: unwritten,
  clock: systemClock,
  random: randomBytes,
  log: silentLog(),
});
const open = createPathOpener();
const expires = new Date(Date.now() + 3_600_000).toISOString();
const holder: Holder = await tokens.issue(
  {
    agent: 'bench',
    capability: readCapability(`file_read: ${granted}/*`),
    limits: { uses: null, perMinute: null, expires },
  },
  { kind: 'operator' },
);
const acts = files.map((path): Act => {
  const opened = open(path);
  opened.close();
  return { kind: 'file_read', path: opened.path };
});

function rate(times: number, step: (i: number) => boolean): number {
  const started = performance.now();
  let wrong = 0;
  for (let i = 0; i < times; i++) if (!step(i)) wrong++;
  if (wrong > 0) throw new Error(`${wrong} of ${times} were refused`);
  return perSecond(times, performance.now() - started);
}

const below = `${granted}/`;
const steps = {
  match: [matches, (i: number) => tokens.refusal(holder, acts[i & 63]!) === null],
  bareMatch: [matches, (i: number) => files[i & 63] === granted || files[i & 63]!.startsWith(below)],
  open: [
    openings,
    (i: number) => {
      const opened = open(files[i & 63]!);
      const refusal = tokens.refusal(holder, { kind: 'file_read', path: opened.path });
      opened.close();
      return refusal === null;
    },
  ],
  bareOpen: [
    openings,
    (i: number) => {
      const fd = fs.openSync(files[i & 63]!, pathOnly);
      const real = fs.readlinkSync(`/proc/self/fd/${fd}`);
      fs.closeSync(fd);
      return real.startsWith(below);
    },
  ],
} as const;
const figures = {
  match: [] as number[],
  bareMatch: [] as number[],
  open: [] as number[],
  bareOpen: [] as number[],
};

try {
  for (let round = 0; round < rounds; round++) {
    for (const [name, [times, step]] of Object.entries(steps)) {
      figures[name as keyof typeof figures].push(rate(times, step));
    }
  }
  const ratio = (ours: number, bare: number) => `${(ours / bare).toFixed(2)} of it`;
  const [match, bareMatch] = [median(figures.match), median(figures.bareMatch)];
  const [opening, bareOpening] = [median(figures.open), median(figures.bareOpen)];
  report({
    name: 'token check, match only',
    figure: `${thousands(match)}/s`,
    compared: `${thousands(bareMatch)}/s bare === and startsWith, ${ratio(match, bareMatch)}`,
    value: match,
    aim: { atLeast: 1_000_000 },
    unit: '/s',
  });
  report({
    name: 'token check with opening the path',
    figure: `${thousands(opening)}/s`,
    compared: `${thousands(bareOpening)}/s bare open, readlink and close, ${ratio(opening, bareOpening)}`,
    value: opening,
    aim: { atLeast: 100_000 },
    unit: '/s',
  });
} finally {
  await tokens.close();
  fs.rmSync(root, { recursive: true, force: true });
}
