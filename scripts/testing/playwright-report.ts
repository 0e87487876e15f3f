import { stripVTControlCharacters } from 'node:util';
import { joined, type Outcome } from './tally.ts';

interface ReportedError {
  message?: string;
  stack?: string;
}

interface ReportedTest {
  projectName: string;
  status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
  annotations: { type: string; description?: string }[];
  results: { errors: ReportedError[] }[];
}

interface Spec {
  title: string;
  file: string;
  tests: ReportedTest[];
}

interface Group {
  title: string;
  specs: Spec[];
  suites?: Group[];
}

export interface PlaywrightReport {
  suites: Group[];
  errors: ReportedError[];
}

const textOf = ({ stack, message }: ReportedError) =>
  stripVTControlCharacters(stack ?? message ?? 'No reason given.');

function countTest(test: ReportedTest, name: string): Outcome {
  const errors = test.results.flatMap((result) => result.errors).map(textOf);
  const reason = test.annotations.find(({ type }) => type === 'skip')?.description;
  switch (test.status) {
    case 'expected':
      return { passed: 1, failures: [], skips: [] };
    case 'skipped':
      return {
        passed: 0,
        failures: [],
        skips: [{ name, reason: reason ?? 'marked as skipped in the spec' }],
      };
    case 'unexpected':
    case 'flaky':
      return {
        passed: 0,
        failures: [{ name, text: errors.join('\n') || `Playwright calls it ${test.status}.` }],
        skips: [],
      };
  }
}

/** Each test with the name under which it is told and allowed to be skipped: `[project] file › titles`. */
function testsOf(group: Group, titles: readonly string[]): { name: string; test: ReportedTest }[] {
  const own = group.specs.flatMap((spec) =>
    spec.tests.map((test) => ({
      name: `[${test.projectName}] ${[spec.file, ...titles, spec.title].join(' › ')}`,
      test,
    })),
  );
  const inner = (group.suites ?? []).flatMap((child) => testsOf(child, [...titles, child.title]));
  return [...own, ...inner];
}

/** The outermost groups are files; their title repeats the file's name. */
export const namesIn = (report: PlaywrightReport) =>
  report.suites.flatMap((file) => testsOf(file, [])).map(({ name }) => name);

export function countPlaywright(report: PlaywrightReport): Outcome {
  const outside = report.errors.map((error) => ({ name: 'outside of every test', text: textOf(error) }));
  const tests = report.suites.flatMap((file) => testsOf(file, []));
  return joined([
    ...tests.map(({ name, test }) => countTest(test, name)),
    { passed: 0, failures: outside, skips: [] },
  ]);
}
