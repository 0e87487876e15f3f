import path from 'node:path';
import { build } from '../setup/built.mjs';
import { findElectron, hasDisplay } from '../setup/electron-binary.mjs';
import { type Finished, forgetReport, readReport, resultFile, run, tool } from './command.ts';
import { countPlaywright, namesIn, type PlaywrightReport } from './playwright-report.ts';
import type { SystemPackage } from './system-packages.ts';
import { failed, joined, nothing, type Outcome, refuseEmpty, skipped } from './tally.ts';
import { countVitest, type VitestReport } from './vitest-report.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const node = process.execPath;

/** One check is one test: it holds or it does not. */
async function check(name: string, log: string, args: readonly string[]): Promise<Outcome> {
  const { code, output } = await run(node, { log, args });
  return code === 0 ? { ...nothing, passed: 1 } : failed(name, output);
}

/** What a runner's report says, and one failure more where the runner itself did not end well without a cause. */
function withRunner(outcome: Outcome, { code, output }: Finished): Outcome {
  const honest = refuseEmpty(outcome);
  if (code === 0 || honest.failures.length > 0) return honest;
  return joined([honest, failed('the runner itself', `It ended with code ${code}.\n${output}`)]);
}

async function lint(): Promise<Outcome> {
  return joined([
    await check('oxlint', 'oxlint.log', [tool('oxlint/bin/oxlint')]),
    await check('prettier', 'prettier.log', [tool('prettier/bin/prettier.cjs'), '--check', '.']),
  ]);
}

async function types(): Promise<Outcome> {
  const tsc = tool('typescript/bin/tsc');
  return joined([
    await check('tsc -p .', 'types.log', [tsc, '-p', '.']),
    await check('tsc -p renderer', 'types-renderer.log', [tsc, '-p', 'renderer']),
  ]);
}

async function unit(missing: readonly SystemPackage[]): Promise<Outcome> {
  forgetReport('unit.json');
  const leftOut = missing.flatMap(({ files = [], package: name }) => files.map((file) => ({ file, name })));
  const args = [
    tool('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultFile('unit.json')}`,
    ...leftOut.map(({ file }) => `--exclude=${file}`),
  ];
  const finished = await run(node, { log: 'unit.log', args });
  const report = readReport('unit.json') as VitestReport | undefined;
  if (report === undefined) return failed('vitest', finished.output);
  return joined([
    withRunner(joined(countVitest(report, root)), finished),
    ...leftOut.map(({ file, name }) => skipped(file, `${name} is not installed`)),
  ]);
}

async function builds(): Promise<Outcome> {
  try {
    build(root, () => undefined);
    return { ...nothing, passed: 1 };
  } catch (error) {
    return failed('electron-vite build', error instanceof Error ? error.message : String(error));
  }
}

/** Why the specs cannot run in real Electron here, or nothing. */
function withoutElectron(): string | undefined {
  if (findElectron(root) === undefined) return "Electron's program is not on this machine";
  return hasDisplay(process.env, process.platform) ? undefined : 'real Electron needs a display';
}

async function playwright(
  name: string,
  args: readonly string[],
): Promise<{ report?: PlaywrightReport; finished: Finished }> {
  forgetReport(`${name}.json`);
  const finished = await run(node, {
    log: `${name}.log`,
    args: [tool('@playwright/test/cli.js'), 'test', '--reporter=json', ...args],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: resultFile(`${name}.json`) },
  });
  const report = readReport(`${name}.json`) as PlaywrightReport | undefined;
  return report === undefined ? { finished } : { report, finished };
}

async function e2e(): Promise<Outcome> {
  const reason = withoutElectron();
  const { report, finished } = await playwright(
    'e2e',
    reason === undefined ? [] : ['--project=browser', '--project=desktop'],
  );
  if (report === undefined) return failed('playwright', finished.output);
  const outcome = withRunner(countPlaywright(report), finished);
  if (reason === undefined) return outcome;
  const listed = await playwright('e2e-electron', ['--list', '--project=electron']);
  const names = listed.report === undefined ? [] : namesIn(listed.report);
  return joined([outcome, ...names.map((name) => skipped(name, reason))]);
}

/** In the order of their cost: what is cheap fails first. */
export const suites: Record<string, (missing: readonly SystemPackage[]) => Promise<Outcome>> = {
  lint,
  types,
  unit,
  build: builds,
  e2e,
};
