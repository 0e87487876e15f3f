// npm test: every suite, or those that are named; the sum over all of them is the last line.
import { readAllowedSkips, tellSkips, unexpected } from './allowed-skips.ts';
import { suites } from './suites.ts';
import { needed, provide, type SystemPackage, thisMachine } from './system-packages.ts';
import {
  failed,
  joined,
  type Outcome,
  refuseEmpty,
  skipped,
  suiteLine,
  type SuiteOutcome,
  sumLine,
} from './tally.ts';

async function runSuite(suite: string, missing: readonly SystemPackage[]): Promise<SuiteOutcome> {
  const started = performance.now();
  const mine = missing.filter((each) => each.suite === suite);
  const whole = mine.filter(({ files }) => files === undefined);
  const outcome =
    whole.length > 0
      ? joined(whole.map((each) => skipped(suite, `${each.package} is not installed: ${each.why}`)))
      : await guarded(suite, mine);
  return { suite, ...refuseEmpty(outcome), milliseconds: performance.now() - started };
}

/** A suite that breaks in our own hands has failed like any other. */
async function guarded(suite: string, missing: readonly SystemPackage[]): Promise<Outcome> {
  try {
    return (await suites[suite]?.(missing)) ?? failed(suite, 'There is no such suite.');
  } catch (error) {
    return failed(suite, error instanceof Error ? String(error.stack) : String(error));
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
const chosen =
  asked.length === 0 ? Object.keys(suites) : Object.keys(suites).filter((name) => asked.includes(name));

const outcomes: SuiteOutcome[] = unknown.map((suite) => ({
  suite,
  ...failed(suite, `No suite is called ${suite}. There are: ${Object.keys(suites).join(', ')}.`),
  milliseconds: 0,
}));
const missing = provide(needed(chosen), thisMachine);
for (const suite of chosen) {
  const outcome = await runSuite(suite, missing);
  outcomes.push(outcome);
  console.log(suiteLine(outcome));
  if (process.exitCode === 130) break;
}

const { failures, skips } = joined(outcomes);
for (const { name, text } of failures) console.log(`\nfailed: ${name}\n${text}`);
console.log('');
for (const line of tellSkips(skips)) console.log(line);
const unreasoned = process.env['CI'] === undefined ? [] : unexpected(skips, readAllowedSkips());
for (const { name } of unreasoned) console.log(`not allowed to be skipped (.ci/allowed-skips.json): ${name}`);
console.log(sumLine(outcomes));
if (failures.length > 0 || unreasoned.length > 0) process.exitCode ??= 1;
